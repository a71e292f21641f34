import DashboardCrypto
import DashboardWireFormat
import DashboardRecords
import Testing

@Suite struct IdentifierTests {
  @Test func identifiersAreAPrefixAnd16LowerCaseDigits() {
    #expect(AccountID(rawValue: 0x0123_4567_89AB_CDEF).description == "acct_0123456789abcdef")
    #expect(SessionID(rawValue: 0).description == "sess_0000000000000000")
    #expect(ProfileID(rawValue: .max).description == "prof_ffffffffffffffff")
    #expect(ResetCodeID(rawValue: 1).description == "code_0000000000000001")
  }

  @Test(arguments: [0, 1, 0x0123_4567_89AB_CDEF, 1 << 63, .max] as [UInt64])
  func identifiersComeBack(rawValue: UInt64) {
    let id = AccountID(rawValue: rawValue)
    #expect(AccountID(id.description) == id)
  }

  @Test func aNewOneBeginsWithItsSecondAndEndsAtRandom() {
    struct Fixed: RandomSource {
      func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0) + 0xA0 } }
    }
    func new(_ milliseconds: Int64) -> String {
      AccountID(madeAt: Timestamp(milliseconds: milliseconds), Fixed()).description
    }
    #expect(new(0x6123_4567 * 1000) == "acct_61234567a0a1a2a3")
    #expect(new(0x6123_4567 * 1000 + 999) == "acct_61234567a0a1a2a3")
    #expect(new(0x6123_4568 * 1000) == "acct_61234568a0a1a2a3")
    // From 2106 on from the beginning again; and whatever else a clock says.
    #expect(new(0x1_0000_0001 * 1000) == "acct_00000001a0a1a2a3")
    #expect(new(-1) == "acct_ffffffffa0a1a2a3")
    #expect(new(.max).hasSuffix("a0a1a2a3"))
    #expect(new(.min).hasSuffix("a0a1a2a3"))
  }

  @Test func newOnesOfASecondDiffer() {
    let ids = (0..<100).map { _ in SessionID(madeAt: Timestamp(milliseconds: 0), SystemRandom()) }
    #expect(Set(ids).count > 98)
  }

  @Test(arguments: [
    "", "acct_", "acct", "_", "0123456789abcdef", "acct_0123456789abcde", "acct_0123456789abcdef0",
    "acct_0123456789ABCDEF", "acct_0123456789abcdeg", "acct_ 123456789abcdef", "acct_+123456789abcdef",
    "acct-0123456789abcdef", "ACCT_0123456789abcdef", "sess_0123456789abcdef", " acct_0123456789abcdef",
    "acct_0123456789abcde\0", "acct_0123456789abcdé", "acct_0123456789abcdef\n",
  ])
  func anythingElseIsNoIdentifier(text: String) { #expect(AccountID(text) == nil) }

  @Test func everyTruncationAndEveryOtherByteIsRefused() {
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

  @Test func aSliceIsReadFromItsOwnStart() {
    let bytes = Array("id=acct_0123456789abcdef;".utf8)
    #expect(AccountID(bytes[3..<24]) == AccountID(rawValue: 0x0123_4567_89AB_CDEF))
  }
}

@Suite struct AppNameTests {
  @Test(arguments: ["a", "Z", "0", "_", "-", "my-App_2", String(repeating: "a", count: 64)])
  func namesAre1To64LettersDigitsUnderscoresAndDashes(name: String) {
    #expect(AppName(name)?.description == name)
  }

  @Test(arguments: [
    "", String(repeating: "a", count: 65), "a b", "a/b", "a.b", "a\0", "é", "ａ", "a\n", "@", "[", "`", "{",
    ":",
  ])
  func otherNamesAreRefused(name: String) { #expect(AppName(name) == nil) }
}

@Suite struct HexadecimalTests {
  @Test func twoLowerCaseDigitsAByte() { #expect(Hexadecimal.text([0x00, 0x0F, 0xA0, 0xFF]) == "000fa0ff") }
}
