import DashboardCrypto
import DashboardWireFormat

/// The use of a credential (WebAuthn Level 3, section 7.2).
package enum Assertion {
  /// What the browser sends (AuthenticatorAssertionResponse, section 5.2.2).
  package struct Response: Sendable {
    let clientDataJSON: [UInt8]
    let authenticatorData: [UInt8]
    let signature: [UInt8]

    package init(clientDataJSON: [UInt8], authenticatorData: [UInt8], signature: [UInt8]) {
      (self.clientDataJSON, self.authenticatorData) = (clientDataJSON, authenticatorData)
      self.signature = signature
    }
  }

  /// What is stored of the credential.
  package struct Credential: Sendable {
    let publicKey: [UInt8]
    let signatureCounter: UInt32
    let isBackupEligible: Bool
    let relyingPartyID: String

    /// - Parameters:
    ///   - publicKey: `NewCredential.publicKey`.
    ///   - signatureCounter: that of the last use, or of the registration.
    ///   - relyingPartyID: that of the registration.
    package init(publicKey: [UInt8], signatureCounter: UInt32, isBackupEligible: Bool, relyingPartyID: String)
    {
      (self.publicKey, self.signatureCounter) = (publicKey, signatureCounter)
      (self.isBackupEligible, self.relyingPartyID) = (isBackupEligible, relyingPartyID)
    }
  }

  /// What to store of a use.
  package struct Use: Equatable, Sendable {
    package let signatureCounter: UInt32
    package let isBackedUp: Bool
    package let isUserVerified: Bool
  }

  /// Verifies a response by the steps 8 to 22 of section 7.2, in their order.
  ///
  /// The caller finds the credential by its identifier and account (steps 5 and 6).
  package static func verify(
    _ response: Response, _ ceremony: Ceremony, of credential: Credential
  ) throws(WebAuthnRefusal) -> Use {
    try ClientData(response.clientDataJSON).check(.assertion, ceremony)
    guard let data = AuthenticatorData(response.authenticatorData) else { throw .malformed }
    guard credential.relyingPartyID.utf8.elementsEqual(ceremony.relyingPartyID.utf8) else {
      throw .wrongRelyingParty
    }
    try ceremony.check(data)
    guard data.flags.contains(.backupEligible) == credential.isBackupEligible else {
      throw .changedBackupEligibility
    }
    let signed = response.authenticatorData + Hash.sha256(response.clientDataJSON)
    guard try COSEKey.publicKey(credential.publicKey).verifies(response.signature, of: signed) else {
      throw .wrongSignature
    }
    // Both are 0 for authenticators without a counter, such as synced passkeys.
    guard
      data.signatureCounter > credential.signatureCounter
        || (data.signatureCounter, credential.signatureCounter) == (0, 0)
    else { throw .counterNotIncreased }
    return Use(
      signatureCounter: data.signatureCounter, isBackedUp: data.flags.contains(.backedUp),
      isUserVerified: data.flags.contains(.userVerified))
  }
}
