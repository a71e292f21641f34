import DashboardWebAuthn
import DashboardWireFormat
import TestSupport
import Testing

@Suite("assertions")
struct AssertionTests {
  private let challenge = SoftAuthenticator().challenge

  /// Verifies an answer of the authenticator, whose stored counter is 6.
  private func refusal(
    _ change: (inout SoftAuthenticator) -> Void = { _ in }, counter: UInt32 = 6, eligible: Bool = false,
    storedID: String = "example.org", requiresUserVerification: Bool = true,
    origins: [String] = ["https://example.org"]
  ) -> WebAuthnRefusal? {
    var authenticator = SoftAuthenticator()
    change(&authenticator)
    let (client, data) = (authenticator.clientData, authenticator.authenticatorData)
    let response = Assertion.Response(
      clientDataJSON: client, authenticatorData: data, signature: authenticator.signature(over: client, data))
    let ceremony = Ceremony(
      challenge: challenge, origins: origins, relyingPartyID: "example.org",
      requiresUserVerification: requiresUserVerification)
    let credential = Assertion.Credential(
      publicKey: authenticator.publicKey, signatureCounter: counter, isBackupEligible: eligible,
      relyingPartyID: storedID)
    do throws(WebAuthnRefusal) {
      let use = try Assertion.verify(response, ceremony, of: credential)
      #expect(use.signatureCounter == authenticator.counter)
      #expect(use.isUserVerified == (authenticator.flags & 4 != 0))
      #expect(use.isBackedUp == (authenticator.flags & 16 != 0))
      return nil
    } catch {
      return error
    }
  }

  @Test("a right answer passes, with extensions and with members that this server does not know")
  func right() {
    #expect(refusal() == nil)
    #expect(
      refusal { $0.otherMembers = #","crossOrigin":false,"tokenBinding":{"status":"supported"},"x":[1]"# }
        == nil)
    #expect(refusal { ($0.flags, $0.rest) = (0x85, bytes("a16161f5")) } == nil)
    // Reserved flags.
    #expect(refusal { $0.flags = 0x27 } == nil)
    #expect(refusal(origins: ["https://other.example", "https://example.org"]) == nil)
  }

  @Test("another ceremony, challenge, origin or relying party is refused")
  func strangers() {
    #expect(refusal { $0.type = "webauthn.create" } == .wrongType)
    #expect(refusal { $0.type = "webauthn.get " } == .wrongType)
    #expect(refusal { $0.challenge = Array("challengf".utf8) } == .wrongChallenge)
    #expect(refusal { $0.challenge = [] } == .wrongChallenge)
    #expect(refusal { $0.challenge += [0] } == .wrongChallenge)
    let origins = [
      "http://example.org", "https://example.org:8443", "https://example.org/", "https://www.example.org", "",
      "null",
      "https://example.org.evil.example", "HTTPS://example.org", "https://exаmple.org",
    ]
    for origin in origins { #expect(refusal { $0.origin = origin } == .wrongOrigin) }
    #expect(refusal(origins: []) == .wrongOrigin)
    for name in ["example.com", "www.example.org", "org", ""] {
      #expect(refusal { $0.relyingPartyID = name } == .wrongRelyingParty)
    }
    #expect(refusal(storedID: "former.example") == .wrongRelyingParty)
    #expect(
      refusal({ $0.relyingPartyID = "former.example" }, storedID: "former.example") == .wrongRelyingParty)
  }

  @Test("a page inside a page of another origin is refused")
  func crossOrigin() {
    for members in [
      #","crossOrigin":true"#, #","topOrigin":"https://example.org""#,
      #","crossOrigin":false,"topOrigin":null"#,
      #","crossOrigin":true,"topOrigin":"https://evil.example""#,
    ] { #expect(refusal { $0.otherMembers = members } == .crossOrigin) }
  }

  @Test("presence is required, and verification if the caller requires it")
  func presence() {
    #expect(refusal { $0.flags = 0x04 } == .userNotPresent)
    #expect(refusal({ $0.flags = 0x00 }, requiresUserVerification: false) == .userNotPresent)
    #expect(refusal { $0.flags = 0x01 } == .userNotVerified)
    #expect(refusal({ $0.flags = 0x01 }, requiresUserVerification: false) == nil)
  }

  @Test("backup needs eligibility, and eligibility does not change")
  func backup() {
    #expect(refusal { $0.flags = 0x15 } == .backedUpWithoutEligibility)
    #expect(refusal({ $0.flags = 0x15 }, eligible: true) == .backedUpWithoutEligibility)
    #expect(refusal { $0.flags = 0x0D } == .changedBackupEligibility)
    #expect(refusal(eligible: true) == .changedBackupEligibility)
    #expect(refusal({ $0.flags = 0x0D }, eligible: true) == nil)
    #expect(refusal({ $0.flags = 0x1D }, eligible: true) == nil)
  }

  @Test("the counter increases, or both are 0")
  func counter() {
    let cases: [(stored: UInt32, sent: UInt32, isRight: Bool)] = [
      (0, 0, true), (0, 1, true), (5, 6, true), (6, 6, false), (7, 6, false), (6, 0, false),
      (.max - 1, .max, true),
      (.max, .max, false), (.max, 0, false),
    ]
    for (stored, sent, isRight) in cases {
      #expect(refusal({ $0.counter = sent }, counter: stored) == (isRight ? nil : .counterNotIncreased))
    }
  }

  @Test("client data of another form is malformed")
  func malformedClientData() {
    for members in [
      #","crossOrigin":"false""#, #","crossOrigin":null"#, #","crossOrigin":0"#, #","type":"webauthn.get""#,
      ",", #","x":}"#,
    ] { #expect(refusal { $0.otherMembers = members } == .malformed) }
    #expect(refusal { $0.origin = "\\" } == .malformed)
  }

  @Test("authenticator data of another form are malformed")
  func malformedData() {
    #expect(refusal { $0.rest = [0] } == .malformed)
    #expect(refusal { $0.rest = bytes("a0") } == .malformed)
    for rest in ["", "a1", "80", "00", "a000", "a1616101a0"] {
      #expect(refusal { ($0.flags, $0.rest) = (0x85, bytes(rest)) } == .malformed)
    }
    #expect(refusal { $0.flags = 0x45 } == .malformed)
    let right = SoftAuthenticator().authenticatorData
    for length in 0..<37 { #expect(AuthenticatorData(Array(right.prefix(length))) == nil) }
  }

  @Test("a signature over other bytes, or by another key, is wrong")
  func signature() throws {
    let authenticator = SoftAuthenticator()
    let (client, data) = (authenticator.clientData, authenticator.authenticatorData)
    let signature = authenticator.signature(over: client + [0x20], data)
    #expect(throws: WebAuthnRefusal.wrongSignature) {
      try Assertion.verify(
        .init(clientDataJSON: client, authenticatorData: data, signature: signature),
        Ceremony(
          challenge: challenge, origins: ["https://example.org"], relyingPartyID: "example.org",
          requiresUserVerification: true),
        of: .init(
          publicKey: authenticator.publicKey, signatureCounter: 6, isBackupEligible: false,
          relyingPartyID: "example.org"))
    }
  }

  @Test("a byte order mark before the client data is skipped")
  func byteOrderMark() throws {
    let authenticator = SoftAuthenticator()
    let (client, data) = ([0xEF, 0xBB, 0xBF] + authenticator.clientData, authenticator.authenticatorData)
    let response = Assertion.Response(
      clientDataJSON: client, authenticatorData: data, signature: authenticator.signature(over: client, data))
    let ceremony = Ceremony(
      challenge: challenge, origins: ["https://example.org"], relyingPartyID: "example.org",
      requiresUserVerification: true)
    let use = try Assertion.verify(
      response, ceremony,
      of: .init(
        publicKey: authenticator.publicKey, signatureCounter: 6, isBackupEligible: false,
        relyingPartyID: "example.org"))
    #expect(use.signatureCounter == 7)
  }
}
