import DashboardCrypto
import DashboardRecords
import DashboardWireFormat
import Testing

@Suite("what a session keeps of its client")
struct ClientDetailsTests {
  private func details(_ address: String, _ userAgent: [UInt8]) -> ClientDetails {
    ClientDetails(of: Client(address: Array(address.utf8)[...], userAgent: userAgent[...]))
  }

  private func userAgent(_ bytes: [UInt8]) -> String? { details("192.0.2.1", bytes).userAgent }

  private func userAgent(_ text: String) -> String? { userAgent(Array(text.utf8)) }

  @Test("address and user agent are kept, and a client without them has none")
  func members() {
    let both = ClientDetails(of: .address("2001:db8::1", userAgent: "curl/8.0"))
    #expect(both.address == "2001:db8::1" && both.userAgent == "curl/8.0")
    let address = ClientDetails(of: .address("192.0.2.1"))
    #expect(address.address == "192.0.2.1" && address.userAgent == nil)
    let agent = ClientDetails(of: .address("", userAgent: "curl/8.0"))
    #expect(agent.address == nil && agent.userAgent == "curl/8.0")
    for client in [Client.trusted, .unknown, .address("")] {
      #expect(ClientDetails(of: client) == .unknown)
    }
    #expect(ClientDetails.unknown.address == nil && ClientDetails.unknown.userAgent == nil)
  }

  @Test("only an address of the machine itself is a loopback address")
  func loopback() {
    for text in ["127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"] {
      #expect(ClientAddress.isLoopback(text.utf8), "\(text)")
    }
    for text in [
      "", "unix:", "localhost", "128.0.0.1", "0.0.0.0", "126.0.0.1", "::", "::2", "::1:0:0:1",
      "::ffff:128.0.0.1",
      "127.1", "127.0.0.1.", "0127.0.0.1", "127.0.0.1 ", "127.0.0.1\0", "[::1]", "10.127.0.1", "fe80::1",
      "64:ff9b::127.0.0.1",
    ] {
      #expect(!ClientAddress.isLoopback(text.utf8), "\(text)")
    }
  }

  @Test("control characters are removed, and bytes that are not UTF-8 are replaced")
  func controls() {
    #expect(userAgent("a\u{0}b\tc\r\nd\u{7F}e\u{85}f\u{9F}g\u{A0}h") == "abcdefg\u{A0}h")
    #expect(userAgent("\n\n") == nil)
    #expect(userAgent([0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
    #expect(details("192.0.2.1\nforged", Array("agent".utf8)).address == "192.0.2.1forged")
    #expect(details("192.0.2.1\nforged", Array("agent".utf8)).userAgent == "agent")
  }

  @Test("at most 256 bytes are kept, and no scalar is cut")
  func lengths() {
    let long = String(repeating: "a", count: 256)
    #expect(userAgent(long) == long)
    #expect(userAgent(long + "b") == long)
    #expect(userAgent(String(repeating: "a", count: 255) + "é") == String(repeating: "a", count: 255))
    #expect(userAgent(String(repeating: "a", count: 254) + "éb") == String(repeating: "a", count: 254) + "é")
    #expect(userAgent(String(repeating: "\u{1F600}", count: 100))?.utf8.count == 256)
    #expect(details(long + "1", []).address == long)
    // Removed characters take no room.
    #expect(userAgent(String(repeating: "\u{7}", count: 10_000) + "end") == "end")
  }

  private func session(_ details: ClientDetails?) throws -> Session {
    Session(
      sessionid: SessionID(rawValue: 2), appid: try #require(AppName("app")),
      accountid: AccountID(rawValue: 1), sequence: 2, duration: 1200,
      csrfToken: [UInt8](repeating: 0, count: 64), tokenHash: [UInt8](repeating: 0, count: 64), epoch: 1,
      details: details, createdAt: Timestamp(milliseconds: 1_700_000_000_123))
  }

  @Test("a session without details has the first stored form, and both forms read back")
  func storedForms() throws {
    let client = Client.address("2001:db8::1", userAgent: "Mozilla/5.0 é")
    for (details, form) in [(nil, 1), (.unknown, 2), (ClientDetails(of: client), 2)]
      as [(ClientDetails?, UInt8)]
    {
      let session = try session(details)
      var writer = ByteWriter()
      session.encode(into: &writer)
      #expect(writer.bytes.first == form)
      let read = ByteReader.reading(writer.bytes) { try? Session(decoding: &$0) }
      #expect(read == session)
      // Cut short anywhere, it is no session.
      for count in 0..<writer.bytes.count {
        let cut = ByteReader.reading(Array(writer.bytes.prefix(count))) { try? Session(decoding: &$0) }
        #expect(cut == nil)
      }
    }
  }

  @Test("details are hidden until a call may see them")
  func hidden() throws {
    var session = try session(ClientDetails(of: .address("192.0.2.1", userAgent: "curl/8.0")))
    #expect(session.address == nil && session.userAgent == nil && session.lastUsedAt == nil)
    session.showsDetails = true
    #expect(session.address == "192.0.2.1" && session.device?.words == "curl")
    #expect(session.lastUsedAt == session.createdAt)
    var old = try self.session(nil)
    old.showsDetails = true
    #expect(old.address == nil && old.userAgent == nil && old.lastUsedAt == nil)
  }

  @Test("a use is noted after the accuracy, and sooner for an idle timeout")
  func notes() throws {
    func noted(
      _ seconds: Int64, idleTimeout: Int64 = 0, accuracy: Int64?, _ details: ClientDetails? = .unknown
    )
      throws -> Bool
    {
      let session = Session(
        appid: try #require(AppName("app")), accountid: AccountID(rawValue: 1), duration: 1200, csrfToken: [],
        tokenHash: [], epoch: 1, idleTimeout: idleTimeout, details: details,
        createdAt: Timestamp(milliseconds: 1_700_000_000_123))
      return session.needsNote(at: session.createdAt.adding(seconds: seconds), accuracy: accuracy)
    }
    #expect(try !noted(299, accuracy: 300) && noted(300, accuracy: 300))
    #expect(try !noted(3599, accuracy: 3600) && noted(3600, accuracy: 3600))
    // A last use that was stored while the clock was ahead.
    #expect(try noted(-86_400, accuracy: 300))
    #expect(
      try !noted(59, idleTimeout: 10_000, accuracy: 300) && noted(60, idleTimeout: 10_000, accuracy: 300))
    #expect(try !noted(9, idleTimeout: 100, accuracy: 3600) && noted(10, idleTimeout: 100, accuracy: 3600))
    // A session of an earlier program is noted too.
    #expect(try noted(300, accuracy: 300, nil) && !noted(299, accuracy: 300, nil))
    // Without details only the idle timeout counts, and the removal of earlier details.
    #expect(try !noted(86_400, accuracy: nil, nil) && noted(0, accuracy: nil))
    #expect(try noted(60, idleTimeout: 10_000, accuracy: nil, nil))
  }
}
