import DashboardAccounts
import DashboardRecords
import DashboardStore

extension Command {
  static let events = Command(
    "events", "Lists what happened to all accounts or to one in the last 90 days, newest first.",
    operands: [Operand(name: "ACCOUNT", meaning: Operand.account.meaning, isOptional: true)],
    options: [.limit]
  ) { invocation in
    let opened = try OpenedApp(invocation)
    let account = try invocation.operand(0).map(opened.account)
    var pages = Pages(limit: try invocation.limit()) { (last: AccountEvent?, limit) in
      try opened.read { try $0.records(of: account, after: last?.sequence, limit: limit) }
    } row: {
      $0.seen(asAdministrator: true, in: opened.app)
    }
    try Table<AccountEvent>(columns: [
      .init("Time") { Output.time($0.lastAt ?? $0.createdAt) },
      .init("Account") { "\($0.accountid)" },
      .init("Event") { event in
        let first = event.lastAt.map { _ in ", first \(Output.time(event.createdAt))" } ?? ""
        return event.name + (event.count > 1 ? " (\(event.count) times\(first))" : "")
      },
      .init("By way of") { $0.authenticatedBy ?? "-" },
      .init("By") { $0.by ?? "-" },
      .init("Address") { $0.address ?? "-" },
    ]).write(invocation.output, empty: "There are no events.") { try pages.next() }
    return ExitStatus.success
  }
}
