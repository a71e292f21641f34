package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

/// A form of registration that was sent twice, as by a double click.
extension Registration {
  /// True if the client has just registered this username: the account is less than a minute old, and was registered from the
  /// client's address (IPv6: the same /64).
  ///
  /// It looks at no password. A client that is told so may sign in, by the rule for that.
  package static func isRepeated(_ caller: Caller, _ context: Context, username: Bytes) throws -> Bool {
    let marks = context.addressMarks(of: caller)
    let hashes = TypedUsername(username, context.configuration).hashes(context.secrets)
    return try context.write { change in
      let now = context.moment
      guard let account = try change.current.account(usernameHashes: hashes),
        account.createdAt.adding(seconds: 60) > now
      else { return false }
      return try change.isKnown(marks, of: account, now: now, latest: Attempt.memoryEnd(from: now))
    }
  }

  /// Remembers the client's address for a new account.
  static func remember(_ caller: Caller, _ context: Context, _ account: Account, _ change: borrowing Change)
    throws
  {
    guard let mark = context.addressMarks(of: caller).first else { return }
    try change.remember(mark, of: account, until: Attempt.memoryEnd(from: account.createdAt))
  }
}
