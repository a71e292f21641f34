/// Why the response of an authenticator is refused.
package enum WebAuthnRefusal: Error, Equatable, Sendable, CaseIterable {
  /// The client data, the authenticator data, the attestation object or the public key has another form than the specification's.
  case malformed
  /// The client data is not of this ceremony: a registration where an assertion is expected, or the other way round.
  case wrongType
  case wrongChallenge
  /// The page that asked the authenticator has another scheme, host or port.
  case wrongOrigin
  /// The page was inside a page of another origin.
  case crossOrigin
  /// The credential belongs to another relying party identifier.
  case wrongRelyingParty
  case userNotPresent
  /// User verification (a PIN or a fingerprint) is required, and did not take place.
  case userNotVerified
  /// The credential says that it is backed up, and that it can't be.
  case backedUpWithoutEligibility
  /// The credential says something else on whether it can be backed up than when it was registered. It never changes.
  case changedBackupEligibility
  /// The signature counter is not above the stored one, so there may be two copies of the credential.
  case counterNotIncreased
  case wrongSignature
  /// The public key is not for ES256, EdDSA (Ed25519) or RS256.
  case unknownAlgorithm
}
