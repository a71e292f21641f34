import DashboardRecords
import DashboardWireFormat
import TestSupport
import Testing

@Suite("invitations as records")
struct InvitationRecordTests {
  private func invitation(uses: Int = 3, used: Int = 0, groups: [String] = ["a", "b-1"]) throws -> Invitation
  {
    var made = Invitation(
      invitationid: InvitationID(rawValue: 7), appid: try #require(AppName("club")),
      accountid: AccountID(rawValue: 8), sequence: 9, codeHash: Array(repeating: 1, count: 64), uses: uses,
      used: used, expiresAt: Timestamp(milliseconds: 5_000_000), groups: groups,
      note: String(repeating: "😀", count: 256), createdAt: Timestamp(milliseconds: 1_000_000))
    made.updatedAt = Timestamp(milliseconds: 2_000_000)
    return made
  }

  private func bytes(_ invitation: Invitation) -> [UInt8] {
    var writer = ByteWriter()
    invitation.encode(into: &writer)
    return writer.bytes
  }

  private func decoded(_ bytes: [UInt8]) -> Invitation? {
    ByteReader.reading(bytes) { reader in
      let invitation = try? Invitation(decoding: &reader)
      return reader.isAtEnd ? invitation : nil
    }
  }

  @Test("the stored form holds all but the code, and shorter bytes are none")
  func form() throws {
    var made = try invitation(uses: 1000, used: 999, groups: (10..<74).map { "group-\($0)" })
    #expect(decoded(bytes(made)) == made)
    for count in 0..<bytes(made).count { #expect(decoded(Array(bytes(made).prefix(count))) == nil) }
    made.code = "secret"
    #expect(decoded(bytes(made))?.code == nil)
  }

  @Test("it ends exactly at its expiry, with its last use, and before a clock that was ahead")
  func end() throws {
    let open = try invitation()
    #expect(!open.hasEnded(at: Timestamp(milliseconds: 4_999_999)))
    #expect(open.hasEnded(at: open.expiresAt))
    #expect(open.dueAt == open.expiresAt)
    #expect(try !invitation(used: 2).hasEnded(at: open.createdAt))
    #expect(try invitation(used: 3).hasEnded(at: open.createdAt))
    #expect(!open.hasEnded(at: open.createdAt.adding(seconds: -300)))
    #expect(open.hasEnded(at: open.createdAt.adding(seconds: -301)))
  }
}
