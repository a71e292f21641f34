import DashboardCrypto
import DashboardWireFormat

/// A credential that passed `Registration.verify`.
package struct NewCredential: Equatable, Sendable {
  /// 1 to 1023 bytes.
  package let id: [UInt8]
  /// The COSE_Key, which `Assertion.verify` takes.
  package let publicKey: [UInt8]
  package let signatureCounter: UInt32
  package let isBackupEligible: Bool
  package let isBackedUp: Bool
  package let isUserVerified: Bool
}

/// The registration of a credential (WebAuthn Level 3, section 7.1).
package enum Registration {
  /// What the browser sends (AuthenticatorAttestationResponse, section 5.2.1).
  package struct Response: Sendable {
    let clientDataJSON: [UInt8]
    let attestationObject: [UInt8]

    package init(clientDataJSON: [UInt8], attestationObject: [UInt8]) {
      (self.clientDataJSON, self.attestationObject) = (clientDataJSON, attestationObject)
    }
  }

  /// Verifies a response by the steps 5 to 20 of section 7.1, in their order.
  ///
  /// The attestation statement of step 21 is not read, whatever its format is. A relying party that asks for `none` trusts no
  /// statement. Browsers then send `none`, or the self attestation of an authenticator without a model. Either says no more than the
  /// key itself.
  ///
  /// The caller checks that no account has a credential of this identifier.
  package static func verify(
    _ response: Response, _ ceremony: Ceremony
  ) throws(WebAuthnRefusal) -> NewCredential {
    try ClientData(response.clientDataJSON).check(.registration, ceremony)
    guard let object = CBOR.whole(response.attestationObject[...]), case .text = object["fmt"],
      object["attStmt"] != nil, let bytes = object["authData"]?.byteString,
      let data = AuthenticatorData(bytes)
    else { throw .malformed }
    try ceremony.check(data)
    guard let credential = data.attested else { throw .malformed }
    _ = try COSEKey.publicKey(credential.key)
    return NewCredential(
      id: credential.id, publicKey: credential.publicKey, signatureCounter: data.signatureCounter,
      isBackupEligible: data.flags.contains(.backupEligible), isBackedUp: data.flags.contains(.backedUp),
      isUserVerified: data.flags.contains(.userVerified))
  }
}
