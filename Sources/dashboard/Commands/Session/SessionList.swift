import DashboardAccounts
import DashboardRecords
import DashboardStore

extension Command {
  static let sessionList = Command(
    "session list", "Lists who is signed in: the live sessions of all accounts or of one, newest first.",
    operands: [Operand(name: "ACCOUNT", meaning: Operand.account.meaning, isOptional: true)],
    options: [Option("all", nil, "Ended and expired sessions too."), .limit]
  ) { invocation in
    let opened = try OpenedApp(invocation)
    let account = try invocation.operand(0).map(opened.account)
    let showsAll = invocation.has("all")
    var pages = opened.sessions(of: account, limit: try invocation.limit(), all: showsAll)
    try Table<Session>(columns: [
      .init("Session") { "\($0.sessionid)" },
      .init("Account") { "\($0.accountid)" },
      .init("Began") { Output.time($0.createdAt) },
      .init("Last use") { Output.time($0.lastUsedAt) },
      .init(showsAll ? "Ended or ends" : "Ends") { Output.time($0.endedAt ?? $0.expiresAt) },
      .init("Address") { $0.address ?? "-" },
    ]).write(invocation.output, empty: showsAll ? "There are no sessions." : "No one is signed in.") {
      try pages.next()
    }
    return ExitStatus.success
  }
}

extension OpenedApp {
  /// The sessions of all accounts or of one, newest first.
  ///
  /// - Parameter all: true for ended ones too.
  func sessions(of account: Account?, limit: Int? = nil, all: Bool = false) -> Pages<Session, Session> {
    let now = now
    return Pages(limit: limit) { last, limit in
      try read { try $0.records(of: account, after: last?.sequence, limit: limit) }
    } row: { session in
      let shown = try read { try $0.shown(session, at: now) }.seen(by: caller, in: app)
      return all || !shown.ended ? shown : nil
    }
  }
}
