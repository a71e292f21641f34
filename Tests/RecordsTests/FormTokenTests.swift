import DashboardCrypto
import DashboardWireFormat
import DashboardRecords
import Testing

@Suite("form tokens")
struct FormTokenTests {
  private func session(csrfToken: UInt8) throws -> Session {
    Session(
      sessionid: SessionID(rawValue: 1), appid: try #require(AppName("app")),
      accountid: AccountID(rawValue: 1),
      sequence: 1, duration: 1200, csrfToken: [UInt8](repeating: csrfToken, count: 64), tokenHash: [],
      epoch: 1,
      createdAt: Timestamp(milliseconds: 0))
  }

  /// Made with Python: hmac.new(b"07" * 64, b"/account/change-password", "sha256").hexdigest().
  @Test("other languages compute the same token")
  func otherLanguages() throws {
    #expect(
      try session(csrfToken: 7).formToken(path: "/account/change-password")
        == "8d39852359f29c9bc6e1ef41da7613b104d5c479df9686f54f3c1c4af7448c62")
  }

  @Test("a token counts for one session and one path")
  func binding() throws {
    let session = try session(csrfToken: 7)
    let token = session.formToken(path: "/a")
    #expect(session.accepts(formToken: token, path: "/a"))
    #expect(!session.accepts(formToken: token, path: "/b"))
    #expect(!session.accepts(formToken: token, path: "/a/"))
    #expect(try !self.session(csrfToken: 8).accepts(formToken: token, path: "/a"))
    for wrong in ["", token.dropLast() + "", token + "0", token.uppercased() + "!", "\(token) "] {
      #expect(!session.accepts(formToken: String(wrong), path: "/a"))
    }
  }

  /// RFC 4231 section 4.2, 4.3 and 4.7.
  @Test("HMAC-SHA-256 has the published values")
  func published() {
    func hmac(_ text: String, _ key: [UInt8]) -> String {
      Hexadecimal.text(Hash.hmacSHA256(Array(text.utf8), key: key))
    }
    #expect(
      hmac("Hi There", [UInt8](repeating: 0x0B, count: 20))
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      hmac("what do ya want for nothing?", Array("Jefe".utf8))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      hmac("Test Using Larger Than Block-Size Key - Hash Key First", [UInt8](repeating: 0xAA, count: 131))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }
}
