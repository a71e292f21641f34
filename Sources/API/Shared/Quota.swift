import Accounts
import Routing
import Store

/// How many records of a kind one account may have, so that nobody fills the disk, or makes lists that fill the memory.
struct Quota: Sendable {
  static let exceeded = Exception(
    "too-many-records", 409, "the account has as many as MAXIMUM_RECORDS allows")

  private let most: Int

  init(_ call: Call) { most = call.configuration.maximumRecords }

  /// - Throws: `exceeded` if the account can't have one more.
  func check<Record: StoredRecord>(_: Record.Type, of account: Account, _ change: borrowing Change) throws {
    guard try change.count(Record.self, of: account) < most else { throw Self.exceeded }
  }
}
