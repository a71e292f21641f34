@testable import DashboardAccounts
import DashboardCrypto
import DashboardRecords
import TestSupport
import Testing

@Suite("codes of second factors")
struct FactorCodesTests {
  private let ada = AccountID(rawValue: 0x6b0d_b3ff_84c1_af0a)
  private let bob = AccountID(rawValue: 7)

  private func typed(_ text: String) -> TypedFactorCode? { TypedFactorCode(Array(text.utf8)[...]) }

  @Test("ten codes of 80 bits in four groups of four letters, and no place is fixed")
  func new() {
    let codes = (0..<40).flatMap { _ in RecoveryCodes.new(of: ada, SystemRandom()).codes }
    #expect(codes.count == 400 && Set(codes).count == 400)
    for code in codes {
      #expect(code.split(separator: "-").map(\.count) == [4, 4, 4, 4])
      #expect(code.allSatisfy { "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567-".contains($0) })
    }
    for place in 0..<19 where place % 5 != 4 { #expect(Set(codes.map { Array($0)[place] }).count == 32) }
  }

  @Test("a recovery code counts once, in any case and with any blanks, and only for its account")
  func recovery() throws {
    let (codes, hashes) = RecoveryCodes.new(of: ada, SystemRandom())
    var factors = Factors()
    factors.recoveryCodes = hashes
    func bytes(_ text: String) throws -> [UInt8] {
      guard case .recovery(let bytes) = typed(text) else { throw TestFailure(text) }
      return bytes
    }
    let code = try bytes(" \(codes[3].lowercased().replacing("-", with: " "))\u{A0}\n")
    #expect(try code == bytes(codes[3]))
    // `#expect` copies what it looks at.
    func uses(_ code: [UInt8], of account: AccountID) -> Bool { factors.use(recoveryCode: code, of: account) }
    #expect(!uses(code, of: bob))
    #expect(factors.recoveryCodes == hashes)
    #expect(uses(code, of: ada))
    #expect(factors.recoveryCodes == Array(hashes[..<3]) + Array(hashes[4...]))
    #expect(!uses(code, of: ada))
    for other in codes where other != codes[3] {
      let other = try bytes(other)
      #expect(uses(other, of: ada))
    }
    #expect(factors.recoveryCodes.isEmpty)
    #expect(!uses([], of: ada))
    for hash in hashes { #expect(hash.count == 32) }
  }

  @Test("six digits are a code of an app, also in two groups")
  func digits() {
    for text in ["123456", "123 456", " 12-34-56\r\n"] {
      #expect(typed(text) == .authenticator(Array("123456".utf8)), "\(text)")
    }
  }

  @Test(
    "other texts are no code",
    arguments: [
      "", " ", "12345", "1234567", "12345a", "１２３４５６", "ABCD-EFGH-2345-QRS", "ABCD-EFGH-2345-QRST-U",
      "ABCD-EFGH-2345-QRS1", "ABCD-EFGH-2345-QRSÄ", String(repeating: " ", count: 200) + "123456",
    ])
  func others(text: String) { #expect(typed(text) == nil) }

  @Test("the URI has the issuer and the label as an app reads them, whatever they hold")
  func uri() {
    let secret = Array("12345678901234567890".utf8)
    #expect(
      AuthenticatorApps.uri(secret: secret, issuer: "Club", label: "ada")
        == "otpauth://totp/Club:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Club")
    #expect(
      AuthenticatorApps.uri(secret: secret, issuer: "A:B & C/D?", label: "ä:1#&secret=x")
        == "otpauth://totp/AB%20%26%20C%2FD%3F:%C3%A41%23%26secret%3Dx?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=AB%20%26%20C%2FD%3F"
    )
  }
}
