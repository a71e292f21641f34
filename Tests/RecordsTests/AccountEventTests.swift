import DashboardRecords
import DashboardWireFormat
import Testing

@Suite("kept events")
struct AccountEventTests {
  private func event(
    by actor: AccountEvent.Actor, meaning: AccountEvent.Meaning = .other, details: ClientDetails?,
    mark: [UInt8] = []
  ) throws -> AccountEvent {
    AccountEvent(
      eventid: EventID(rawValue: 7), appid: try #require(AppName("app")), accountid: AccountID(rawValue: 8),
      sequence: 9, name: "signed-in", meaning: meaning, by: actor, details: details, mark: mark, count: 3,
      createdAt: Timestamp(milliseconds: 1_656_038_570_102))
  }

  private func decoded(_ bytes: [UInt8]) -> AccountEvent? {
    ByteReader.reading(bytes) { reader in
      let event = try? AccountEvent(decoding: &reader)
      return reader.isAtEnd ? event : nil
    }
  }

  @Test("the stored form has every field, and shorter bytes are none")
  func stored() throws {
    let details = ClientDetails(of: .address("192.0.2.7", userAgent: "curl/8.0"))
    let actors: [AccountEvent.Actor] = [.holder, .operator, .account(AccountID(rawValue: 3))]
    for actor in actors {
      for details in [nil, details] {
        for (isNew, isUnnoticed) in [(false, false), (true, false), (true, true)] {
          var event = try event(by: actor, meaning: .device, details: details, mark: [1, 2])
          (event.isNewDevice, event.isUnnoticed) = (isNew, isUnnoticed)
          var writer = ByteWriter()
          event.encode(into: &writer)
          #expect(decoded(writer.bytes) == event)
          #expect(writer.bytes.first == 1)
          (event.lastAt, event.methods) = (event.createdAt.adding(seconds: 5), [.password, .passkey])
          writer = ByteWriter()
          event.encode(into: &writer)
          #expect(decoded(writer.bytes) == event && writer.bytes.first == 2)
          for count in writer.bytes.indices { #expect(decoded(Array(writer.bytes.prefix(count))) == nil) }
        }
      }
    }
  }

  @Test("a network is the first 24 bits of an IPv4 address, and the first 48 of an IPv6 address")
  func networks() {
    func network(_ text: String) -> [UInt8] { ClientAddress(text.utf8).network }
    #expect(network("192.0.2.7") == network("192.0.2.250") && network("192.0.2.7") != network("192.0.3.7"))
    #expect(network("::ffff:192.0.2.7") == network("192.0.2.9"))
    #expect(network("2001:db8:1::1") == network("2001:db8:1:ffff::2"))
    #expect(network("2001:db8:1::1") != network("2001:db8:2::1"))
    #expect(network("a name") == Array("a name".utf8))
  }

  @Test("details and actors are shown as far as the call may see them")
  func shown() throws {
    let details = ClientDetails(of: .address("192.0.2.7", userAgent: "curl/8.0"))
    var own = try event(by: .holder, details: details)
    var other = try event(by: .account(AccountID(rawValue: 3)), details: details)
    #expect(own.address == nil && own.userAgent == nil && own.by == nil)
    (own.showsDetails, other.showsDetails) = (true, true)
    #expect(own.address == "192.0.2.7" && own.userAgent == "curl/8.0")
    #expect(other.address == nil && other.userAgent == nil && other.by == "administrator")
    other.namesActor = true
    #expect(other.address == "192.0.2.7" && other.by == "acct_0000000000000003")
    #expect(try event(by: .operator, details: nil).by == "operator")
  }
}
