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
      .init("Time") { Output.time($0.createdAt) },
      .init("Account") { "\($0.accountid)" },
      .init("Event") { $0.name + ($0.count > 1 ? " (\($0.count) times)" : "") },
      .init("By") { $0.by ?? "-" },
      .init("Address") { $0.address ?? "-" },
    ]).write(invocation.output, empty: "There are no events.") { try pages.next() }
    return ExitStatus.success
  }
}
