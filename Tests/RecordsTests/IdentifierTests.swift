import DashboardCrypto
import DashboardWireFormat
import DashboardRecords
import Testing

@Suite("identifiers")
struct IdentifierTests {
  @Test("an identifier is a prefix and 16 lower-case digits")
  func form() {
    #expect(AccountID(rawValue: 0x0123_4567_89AB_CDEF).description == "acct_0123456789abcdef")
    #expect(SessionID(rawValue: 0).description == "sess_0000000000000000")
    #expect(ProfileID(rawValue: .max).description == "prof_ffffffffffffffff")
    #expect(ResetCodeID(rawValue: 1).description == "code_0000000000000001")
  }

  @Test(
    "a written identifier reads as the same identifier",
    arguments: [0, 1, 0x0123_4567_89AB_CDEF, 1 << 63, .max] as [UInt64])
  func roundTrip(rawValue: UInt64) {
    let id = AccountID(rawValue: rawValue)
    #expect(AccountID(id.description) == id)
  }

  @Test("a new identifier begins with its second and ends at random")
  func creation() {
    struct Fixed: RandomSource {
      func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0) + 0xA0 } }
    }
    func new(_ milliseconds: Int64) -> String {
      AccountID(madeAt: Timestamp(milliseconds: milliseconds), Fixed()).description
    }
    #expect(new(0x6123_4567 * 1000) == "acct_61234567a0a1a2a3")
    #expect(new(0x6123_4567 * 1000 + 999) == "acct_61234567a0a1a2a3")
    #expect(new(0x6123_4568 * 1000) == "acct_61234568a0a1a2a3")
    // The 32 bits of the second wrap around in 2106. No moment traps.
    #expect(new(0x1_0000_0001 * 1000) == "acct_00000001a0a1a2a3")
    #expect(new(-1) == "acct_ffffffffa0a1a2a3")
    #expect(new(.max).hasSuffix("a0a1a2a3"))
    #expect(new(.min).hasSuffix("a0a1a2a3"))
  }

  @Test("new identifiers of one second differ")
  func sameSecond() {
    let ids = (0..<100).map { _ in SessionID(madeAt: Timestamp(milliseconds: 0), SystemRandom()) }
    #expect(Set(ids).count > 98)
  }

  @Test(
    "a malformed identifier is refused",
    arguments: [
      "", "acct_", "acct", "_", "0123456789abcdef", "acct_0123456789abcde", "acct_0123456789abcdef0",
      "acct_0123456789ABCDEF", "acct_0123456789abcdeg", "acct_ 123456789abcdef", "acct_+123456789abcdef",
      "acct-0123456789abcdef", "ACCT_0123456789abcdef", "sess_0123456789abcdef", " acct_0123456789abcdef",
      "acct_0123456789abcde\0", "acct_0123456789abcdé", "acct_0123456789abcdef\n",
    ])
  func malformed(text: String) { #expect(AccountID(text) == nil) }

  @Test("an identifier that is cut or has another byte is refused")
  func everyByte() {
    let bytes = Array("acct_0123456789abcdef".utf8)
    for count in bytes.indices { #expect(AccountID(bytes[..<count]) == nil) }
    for index in bytes.indices {
      for byte in [0, 0x20, 0x2F, 0x3A, 0x40, 0x47, 0x60, 0x67, 0x7F, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[index] = byte
        #expect(AccountID(changed[...]) == nil, "\(byte) at \(index)")
      }
    }
  }

  @Test("a slice is read from its own start")
  func slices() {
    let bytes = Array("id=acct_0123456789abcdef;".utf8)
    #expect(AccountID(bytes[3..<24]) == AccountID(rawValue: 0x0123_4567_89AB_CDEF))
  }
}

@Suite("app names")
struct AppNameTests {
  @Test(
    "a name has 1 to 64 letters, digits, underscores and dashes",
    arguments: ["a", "Z", "0", "_", "-", "my-App_2", String(repeating: "a", count: 64)])
  func names(name: String) {
    #expect(AppName(name)?.description == name)
  }

  @Test(
    "a malformed name is refused",
    arguments: [
      "", String(repeating: "a", count: 65), "a b", "a/b", "a.b", "a\0", "é", "ａ", "a\n", "@", "[", "`", "{",
      ":",
    ])
  func malformed(name: String) { #expect(AppName(name) == nil) }
}

@Suite("hexadecimal text")
struct HexadecimalTests {
  @Test("each byte is two lower-case digits")
  func digits() { #expect(Hexadecimal.text([0x00, 0x0F, 0xA0, 0xFF]) == "000fa0ff") }
}
