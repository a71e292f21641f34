import DashboardRecords
import DashboardStore

extension Command {
  static let accountShow = Command(
    "account show", "Shows an account: its roles, groups, state, and when it was used.", operands: [.account]
  ) { invocation in
    let opened = try OpenedApp(invocation)
    let account = opened.app.shown(try opened.account(invocation.subject))
    var (pages, sessions) = (opened.sessions(of: account), 0)
    while case let page = try pages.next(), !page.isEmpty { sessions += page.count }
    let states = account.states(at: opened.now)
    try invocation.output.show(
      account,
      [
        ("Account", "\(account.accountid)"),
        ("Username", account.username ?? "not kept (KEEP_USERNAMES)"),
        ("State", states.isEmpty ? "active" : states),
        ("Groups", account.groups.isEmpty ? nil : account.groups.joined(separator: ", ")),
        ("Second factors", account.factorWords),
        ("Suspended since", account.suspendedAt.map(Output.time)),
        ("Reason", account.suspensionReason),
        ("Live sessions", "\(sessions)"),
        ("Last sign-in", Output.time(account.lastSignedInAt)),
        ("Password changed", account.passwordLastChangedAt.map(Output.time)),
        ("Username changed", account.usernameLastChangedAt.map(Output.time)),
        ("Reset code used", account.resetCodeLastUsedAt.map(Output.time)),
        ("Created", Output.time(account.createdAt)),
      ])
    return ExitStatus.success
  }
}

extension Account {
  /// The second factors in words; `nil` if there is none.
  fileprivate var factorWords: String? {
    guard let factors, factors.areEnrolled else { return nil }
    let (keys, codes) = (factors.passkeys, factors.recoveryCodes.count)
    let words = [
      factors.authenticator == nil ? nil : "authenticator app",
      keys == 0 ? nil : "\(keys) passkey\(keys == 1 ? "" : "s")",
      "\(codes) recovery code\(codes == 1 ? "" : "s")",
    ]
    return words.compactMap(\.self).joined(separator: ", ")
  }
}
