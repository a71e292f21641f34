import DashboardCrypto
import DashboardRecords
import DashboardWireFormat
import TestSupport
import Testing

@Suite("membership of an account")
struct MembershipTests {
  private var account: Account {
    get throws {
      Account(
        accountid: AccountID(rawValue: 7), appid: try #require(AppName("club")), sequence: 3,
        usernameHash: Array(repeating: 1, count: 64), passwordHash: PasswordHash(bytes: [2]),
        sessionSalt: Array(repeating: 3, count: 64), createdAt: Timestamp(milliseconds: 4))
    }
  }

  private func bytes(_ account: Account) -> [UInt8] {
    var writer = ByteWriter()
    account.encode(into: &writer)
    return writer.bytes
  }

  private func decoded(_ bytes: [UInt8]) -> Account? {
    ByteReader.reading(bytes) { reader in
      let account = try? Account(decoding: &reader)
      return reader.isAtEnd ? account : nil
    }
  }

  @Test("an account without anything of it keeps the former forms")
  func former() throws {
    var account = try account
    #expect(bytes(account).first == 1)
    account.deletionScheduler = .holder
    #expect(bytes(account).first == 2)
    account.changeMembership { $0.groups = ["editors"] }
    #expect(bytes(account).first == 3)
    account.changeMembership { $0.groups = [] }
    #expect(account.membership == nil)
    #expect(bytes(account).first == 2)
  }

  @Test("an administrator acts for others, and not while suspended, leaving or without the role")
  func acting() throws {
    let now = Timestamp(milliseconds: 5)
    var account = try account
    #expect(!account.actsForOthers)
    account.administratorSince = now
    #expect(account.actsForOthers)
    account.changeMembership { $0.suspension = .init(at: now, reason: "", by: nil) }
    #expect(!account.actsForOthers)
    account.changeMembership { $0.suspension = nil }
    account.deletedAt = now
    #expect(!account.actsForOthers)
    account.deletedAt = nil
    #expect(account.actsForOthers)
    account.administratorSince = nil
    #expect(!account.actsForOthers)
  }

  @Test("each part is read as it was written, and a form that is cut short is not read")
  func parts() throws {
    var account = try account
    let changes: [(inout Membership) -> Void] = [
      { $0.suspension = .init(at: Timestamp(milliseconds: 5), reason: "süß", by: AccountID(rawValue: 9)) },
      { $0.suspension = .init(at: Timestamp(milliseconds: 5), reason: "", by: nil) },
      { $0.groups = ["a", "editors"] }, { $0.passwordDueAt = Timestamp(milliseconds: 6) },
      { $0.sealedUsername = [1, 2, 3] },
    ]
    for change in changes {
      account.changeMembership(change)
      for scheduler in [nil, DeletionScheduler.operator, .administrator(AccountID(rawValue: 8))] {
        account.deletionScheduler = scheduler
        let bytes = bytes(account)
        #expect(decoded(bytes) == account)
        for count in bytes.indices { #expect(decoded(Array(bytes[..<count])) == nil) }
      }
    }
    #expect(account.groups == ["a", "editors"])
    #expect(account.suspendedAt == Timestamp(milliseconds: 5))
    #expect(!account.passwordSet)
  }
}
