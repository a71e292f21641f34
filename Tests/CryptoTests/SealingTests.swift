@testable import DashboardCrypto
import DashboardRecords
import DashboardWireFormat
import TestSupport
import Testing

/// Sealed values open with the same key, for the same place, and unchanged.
@Suite("sealing")
struct SealingTests {
  private let secrets = Secrets(encryption: "encryption-key", session: "session-key")
  private let app: AppName
  private let ada: AccountID

  init() throws {
    app = try #require(AppName("dashboard"))
    ada = try #require(AccountID("acct_0123456789abcdef"))
  }

  @Test("the ciphertext is that of draft-irtf-cfrg-xchacha-03, appendix A.3.1")
  func knownAnswer() throws {
    let text = Array(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
        .utf8)
    let context: [UInt8] = [0x50, 0x51, 0x52, 0x53, 0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7]
    let (key, nonce) = (Array(0x80...0x9F as ClosedRange<UInt8>), Array(0x40...0x57 as ClosedRange<UInt8>))
    let sealed = Secrets.seal(text, context, nonce: nonce, key: key)
    #expect(
      Hexadecimal.text(Array(sealed[25...]))
        == "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
        + "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
        + "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
        + "21f9664c97637da9768812f615c68b13b52e" + "c0875924c1c7987947deafd8780acf49")
    #expect(Secrets.open(sealed, context, key: key) == text)
  }

  @Test("the key is the HMAC-SHA-256 of its purpose")
  func key() {
    // hmac.new(b"encryption-key", b"dashboard seal 1", hashlib.sha256) in Python.
    #expect(
      Hexadecimal.text(secrets.sealKey) == "e857b2301be621c89dd0eaa3419c1c9fcf02dd7f95af9a2cfede30f5d01655c9")
  }

  @Test("a sealed value is a version, a nonce, the ciphertext and a tag, and another one each time")
  func form() throws {
    let fixed = FixedRandom()
    let sealed = secrets.seal(Array("ada".utf8), .username, app: app, account: ada, random: fixed)
    #expect(sealed.count == 44 && sealed[0] == 1 && Array(sealed[1..<25]) == fixed.bytes(24))
    // The associated data is a contract: data of an older program must open.
    #expect(
      sealed
        == Secrets.seal(
          Array("ada".utf8), Array("dashboard/acct_0123456789abcdef/username".utf8), nonce: fixed.bytes(24),
          key: secrets.sealKey))
    let values = (0..<3).map { _ in
      secrets.seal([], .username, app: app, account: ada, random: SystemRandom())
    }
    #expect(Set(values).count == 3 && values.allSatisfy { $0.count == 41 })
    #expect(values.allSatisfy { secrets.open($0, .username, app: app, account: ada) == [] })
  }

  @Test("a changed byte, and a value that was cut short or extended, opens nothing", arguments: [0, 1, 100])
  func tampering(length: Int) {
    let text = [UInt8](repeating: 0x61, count: length)
    let sealed = secrets.seal(text, .username, app: app, account: ada, random: SystemRandom())
    func open(_ sealed: [UInt8]) -> [UInt8]? { secrets.open(sealed, .username, app: app, account: ada) }
    #expect(open(sealed) == text)
    for place in sealed.indices {
      for bit in 0..<8 {
        var changed = sealed
        changed[place] ^= 1 << bit
        #expect(open(changed) == nil, "\(place) \(bit)")
      }
      #expect(open(Array(sealed[..<place])) == nil && open(Array(sealed[place...].dropFirst())) == nil)
    }
    #expect(open(sealed + [0]) == nil)
  }

  @Test("a value opens nothing for another app, account, kind or key")
  func places() throws {
    let (shop, eve) = (try #require(AppName("shop")), AccountID(rawValue: ada.rawValue + 1))
    let text = Array("ada".utf8)
    let sealed = secrets.seal(text, .username, app: app, account: ada, random: SystemRandom())
    #expect(secrets.open(sealed, .username, app: shop, account: ada) == nil)
    #expect(secrets.open(sealed, .username, app: app, account: eve) == nil)
    for token in ["", "username"] {
      #expect(secrets.open(sealed, .form(token: token), app: app, account: ada) == nil)
    }
    let other = Secrets(encryption: "other", session: "session-key")
    #expect(other.open(sealed, .username, app: app, account: ada) == nil)
    let next = Secrets(encryption: "other", session: "other", previous: secrets)
    #expect(next.open(sealed, .username, app: app, account: ada) == text)
    let resealed = next.seal(text, .username, app: app, account: ada, random: SystemRandom())
    #expect(secrets.open(resealed, .username, app: app, account: ada) == nil)
    #expect(other.open(resealed, .username, app: app, account: ada) == text)
  }
}

private struct FixedRandom: RandomSource {
  func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) } }
}
