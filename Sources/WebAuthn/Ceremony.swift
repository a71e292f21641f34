import DashboardCrypto

/// A registration or an assertion that this server began: what the response of the authenticator must fit.
package struct Ceremony: Sendable {
  /// The bytes that were sent to the browser.
  let challenge: [UInt8]
  /// The origins whose pages may ask, such as `https://example.org`.
  let origins: [String]
  /// The relying party identifier: a host name.
  package let relyingPartyID: String
  /// False if user verification is preferred, or discouraged.
  let requiresUserVerification: Bool

  package init(challenge: [UInt8], origins: [String], relyingPartyID: String, requiresUserVerification: Bool)
  {
    (self.challenge, self.origins) = (challenge, origins)
    (self.relyingPartyID, self.requiresUserVerification) = (relyingPartyID, requiresUserVerification)
  }

  /// Checks the relying party and the flags (section 7.1 steps 14 to 17; section 7.2 steps 15 to 18).
  func check(_ data: AuthenticatorData) throws(WebAuthnRefusal) {
    guard Hash.areEqual(data.relyingPartyIDHash, Hash.sha256(Array(relyingPartyID.utf8))) else {
      throw .wrongRelyingParty
    }
    guard data.flags.contains(.userPresent) else { throw .userNotPresent }
    guard !requiresUserVerification || data.flags.contains(.userVerified) else { throw .userNotVerified }
    guard data.flags.contains(.backupEligible) || !data.flags.contains(.backedUp) else {
      throw .backedUpWithoutEligibility
    }
  }
}
