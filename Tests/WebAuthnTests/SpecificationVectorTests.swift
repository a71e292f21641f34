import DashboardWebAuthn
import Testing

@Suite("the test vectors of WebAuthn Level 3")
struct SpecificationVectorTests {
  private func ceremony(_ challenge: [UInt8]) -> Ceremony {
    Ceremony(
      challenge: challenge, origins: ["https://example.org"], relyingPartyID: "example.org",
      requiresUserVerification: false)
  }

  private func register(_ vector: SpecificationVector) throws -> NewCredential {
    try Registration.verify(
      .init(clientDataJSON: vector.creationClientData, attestationObject: vector.attestationObject),
      ceremony(vector.creationChallenge))
  }

  @Test("the registrations are right", arguments: SpecificationVector.all)
  func registration(vector: SpecificationVector) throws {
    let credential = try register(vector)
    #expect(credential.id == vector.credentialID)
    #expect(credential.signatureCounter == 0)
    #expect(credential.isBackedUp == vector.isBackedUp)
    #expect(credential.isBackupEligible == vector.isBackedUp)
    #expect(credential.isUserVerified == vector.isUserVerified)
  }

  @Test("the assertions are right, and refused with any altered byte", arguments: SpecificationVector.all)
  func assertion(vector: SpecificationVector) throws {
    let registered = try register(vector)
    func use(_ client: [UInt8], _ data: [UInt8], _ signature: [UInt8], _ key: [UInt8]) throws -> Assertion.Use
    {
      try Assertion.verify(
        .init(clientDataJSON: client, authenticatorData: data, signature: signature),
        ceremony(vector.challenge),
        of: .init(
          publicKey: key, signatureCounter: registered.signatureCounter,
          isBackupEligible: registered.isBackupEligible, relyingPartyID: "example.org"))
    }
    let right = try use(vector.clientData, vector.authenticatorData, vector.signature, registered.publicKey)
    #expect(right.signatureCounter == 0)
    #expect(right.isBackedUp == vector.isBackedUp)

    let parts = [vector.clientData, vector.authenticatorData, vector.signature, registered.publicKey]
    for part in parts.indices {
      for place in parts[part].indices {
        for change in [UInt8(0x01), 0x80, 0xFF] {
          var altered = parts
          altered[part][place] ^= change
          #expect(throws: WebAuthnRefusal.self) { try use(altered[0], altered[1], altered[2], altered[3]) }
        }
      }
      for altered in [Array(parts[part].dropLast()), parts[part] + [0], []] {
        var all = parts
        all[part] = altered
        #expect(throws: WebAuthnRefusal.self) { try use(all[0], all[1], all[2], all[3]) }
      }
    }
  }
}
