import DashboardRecords
public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

/// PATCH /api/user/reset-session-key: signs out everywhere.
public enum ResetSessionKey: Endpoint {
  public static var route: String { "/api/user/reset-session-key" }
  public static let declaration = Declaration(
    .patch, route,
    "Gives the asker's account a new session key, which ends every session of it, this one too, and makes its reset codes useless.",
    access: .session,
    takes: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Bool {
    let id = try NamedAccount.own(call).accountid
    let key = Account.newSessionKey(call.random)
    try call.changeOwn { change, account, now in _ = try reset(account, key, change, now) }
    call.note(.sessionKeyReset, id)
    call.cookieEffect = .clear
    return true
  }

  /// Gives an account a new session key. Whatever a thief has made with a session ends with it.
  static func reset(_ account: Account, _ key: [UInt8], _ change: borrowing Change, _ now: Timestamp) throws
    -> Account
  {
    var account = account
    account.sessionKey = key
    account.sessionKeyNumber &+= 1
    account.sessionKeyLastResetAt = now
    account.oldestCode = try change.nextSequence()
    try change.endSessions(of: &account, at: now)
    try change.update(account)
    return account
  }
}
