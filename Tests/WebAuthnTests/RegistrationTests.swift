import DashboardWebAuthn
import DashboardWireFormat
import TestSupport
import Testing

@Suite("registrations")
struct RegistrationTests {
  /// An authenticator that registers its credential.
  private static var creating: SoftAuthenticator {
    var authenticator = SoftAuthenticator()
    authenticator.type = "webauthn.create"
    authenticator.flags = 0x45
    authenticator.rest = authenticator.attested()
    return authenticator
  }

  private func verify(
    _ change: (inout SoftAuthenticator) -> Void = { _ in }, object: (([UInt8]) -> [UInt8])? = nil,
    requiresUserVerification: Bool = true
  ) -> Result<NewCredential, WebAuthnRefusal> {
    var authenticator = Self.creating
    change(&authenticator)
    let data = authenticator.authenticatorData
    return Result { () throws(WebAuthnRefusal) in
      try Registration.verify(
        .init(
          clientDataJSON: authenticator.clientData,
          attestationObject: object?(data) ?? SoftAuthenticator.attestationObject(data)),
        Ceremony(
          challenge: SoftAuthenticator().challenge, origins: ["https://example.org"],
          relyingPartyID: "example.org",
          requiresUserVerification: requiresUserVerification))
    }
  }

  private func refusal(
    _ change: (inout SoftAuthenticator) -> Void = { _ in }, object: (([UInt8]) -> [UInt8])? = nil,
    requiresUserVerification: Bool = true
  ) -> WebAuthnRefusal? {
    if case .failure(let refusal) = verify(
      change, object: object, requiresUserVerification: requiresUserVerification)
    {
      refusal
    } else {
      nil
    }
  }

  @Test("a right answer gives the credential")
  func right() throws {
    let credential = try verify().get()
    #expect(credential.id == Array("credential".utf8))
    #expect(credential.publicKey == SoftAuthenticator().publicKey)
    #expect(credential.signatureCounter == 7)
    #expect(credential.isUserVerified && !credential.isBackupEligible && !credential.isBackedUp)
    let synced = try verify { $0.flags = 0x5D }.get()
    #expect(synced.isBackupEligible && synced.isBackedUp)
    #expect(refusal { ($0.flags, $0.rest) = (0xC5, $0.attested() + bytes("a16161f5")) } == nil)
  }

  @Test("each condition has its refusal")
  func refusals() {
    #expect(refusal { $0.type = "webauthn.get" } == .wrongType)
    #expect(refusal { $0.challenge = [1] } == .wrongChallenge)
    #expect(refusal { $0.origin = "https://evil.example" } == .wrongOrigin)
    #expect(refusal { $0.otherMembers = #","crossOrigin":true"# } == .crossOrigin)
    #expect(refusal { $0.relyingPartyID = "evil.example" } == .wrongRelyingParty)
    #expect(refusal { $0.flags = 0x44 } == .userNotPresent)
    #expect(refusal { $0.flags = 0x41 } == .userNotVerified)
    #expect(refusal({ $0.flags = 0x41 }, requiresUserVerification: false) == nil)
    #expect(refusal { $0.flags = 0x55 } == .backedUpWithoutEligibility)
    // No credential, though the rest is there.
    #expect(refusal { $0.flags = 0x05 } == .malformed)
    #expect(refusal { ($0.flags, $0.rest) = (0x05, []) } == .malformed)
  }

  @Test("a credential's identifier has 1 to 1023 bytes")
  func identifiers() throws {
    for length in [1, 255, 256, 1023] {
      let credential = try verify {
        $0.credentialID = [UInt8](repeating: 9, count: length)
        $0.rest = $0.attested()
      }.get()
      #expect(credential.id.count == length)
    }
    for length in [0, 1024, 4096] {
      #expect(
        refusal {
          $0.credentialID = [UInt8](repeating: 9, count: length)
          $0.rest = $0.attested()
        } == .malformed)
    }
  }

  @Test("bytes that are cut off, or that follow, are malformed")
  func lengths() {
    let rest = Self.creating.rest
    for length in 0..<rest.count {
      #expect(refusal { $0.rest = Array(rest.prefix(length)) } == .malformed)
    }
    #expect(refusal { $0.rest += [0] } == .malformed)
    let whole = SoftAuthenticator.attestationObject(Self.creating.authenticatorData)
    for length in 0..<whole.count {
      #expect(refusal(object: { _ in Array(whole.prefix(length)) }) == .malformed)
    }
    #expect(refusal(object: { _ in whole + [0] }) == .malformed)
  }

  @Test("an attestation object has a format, a statement and data")
  func objects() {
    let data = SoftAuthenticator.authData
    let (format, statement) = (bytes("63666d74646e6f6e65"), bytes("6761747453746d74a0"))
    #expect(refusal(object: { [0xA3] + format + statement + data($0) }) == nil)
    // Any format and statement, such as self attestation.
    let packed = bytes("63666d74667061636b6564 6761747453746d74a263616c672763736967420000")
    #expect(refusal(object: { [0xA3] + packed + data($0) }) == nil)
    #expect(refusal(object: { [0xA2] + format + data($0) }) == .malformed)
    #expect(refusal(object: { [0xA2] + statement + data($0) }) == .malformed)
    #expect(refusal(object: { _ in [0xA2] + format + statement }) == .malformed)
    #expect(refusal(object: { [0xA3] + statement + format + data($0) }) == .malformed)
    #expect(refusal(object: { [0xA3] + bytes("63666d7400") + statement + data($0) }) == .malformed)
    #expect(refusal(object: { $0 }) == .malformed)
    #expect(refusal(object: { _ in [0x83] + format + statement }) == .malformed)
  }

  @Test("keys of other algorithms are unknown")
  func algorithms() {
    // ES384 (-35), ES512 (-36), PS256 (-37), RS1 (-65535), 0, and EdDSA's number beyond 64 bits.
    for number in ["3822", "3823", "3824", "39fffe", "00"] {
      #expect(
        refusal { $0.rest = $0.attested(bytes("a4010103\(number)200621 5820") + $0.publicKey.suffix(32)) }
          == .unknownAlgorithm)
    }
    #expect(COSEKey.algorithms == [-7, -8, -257])
  }

  @Test("keys whose parameters do not fit the algorithm are malformed")
  func keys() {
    let (x, y) = (
      "5820 6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
      "5820 4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
    )
    func refusal(_ key: String) -> WebAuthnRefusal? { self.refusal { $0.rest = $0.attested(bytes(key)) } }
    #expect(refusal("a5 0102 0326 2001 21\(x) 22\(y)") == nil)
    for key in [
      // Not on the curve, a compressed point, another curve, another type, another parameter, one too few.
      "a5 0102 0326 2001 21\(x) 22\(x)", "a5 0102 0326 2001 21\(x) 22f5", "a5 0102 0326 2002 21\(x) 22\(y)",
      "a5 0101 0326 2001 21\(x) 22\(y)", "a6 0102 0326 0400 2001 21\(x) 22\(y)", "a4 0102 0326 2001 21\(x)",
      "a4 0326 2001 21\(x) 22\(y)", "a5 0102 0326 2001 2140 22\(y)", "a5 0102 0326 2001 215821\(x) 22\(y)",
      // EdDSA with a point of P-256's type or curve, and with other lengths.
      "a4 0102 0327 2006 21\(x)", "a4 0101 0327 2001 21\(x)", "a4 0101 0327 2006 2140", "a3 0101 0327 2006",
      "a5 0101 0327 2006 21\(x) 22\(y)",
      // RS256 with numbers that are too short or missing.
      "a4 0103 03390100 20\(x) 2143010001", "a3 0103 03390100 2143010001", "a4 0103 03390100 2040 2140",
      // No algorithm, one that is text, and no map.
      "a4 0101 2006 21\(x) 22\(y)", "a4 0101 036127 2006 21\(x)", "80", "00", "a0",
    ] { #expect(refusal(key) == .malformed) }
  }

  @Test("random bytes trap nothing")
  func total() {
    var random = SeededRandom(seed: 71)
    let object = SoftAuthenticator.attestationObject(Self.creating.authenticatorData)
    for _ in 0..<5000 {
      var altered = object
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        altered[Int.random(in: altered.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      altered = Array(altered.prefix(Int.random(in: 0...altered.count * 2, using: &random)))
      _ = refusal(object: { _ in altered })
      _ = AuthenticatorData(Array(altered.dropFirst(Int.random(in: 0...60, using: &random))))
    }
  }
}
