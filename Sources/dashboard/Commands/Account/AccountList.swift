import DashboardRecords
import DashboardStore

extension Command {
  static let accountList = Command(
    "account list", "Lists accounts, newest first.",
    options: [
      Option("administrators", nil, "Only administrators."),
      Option("deleted", nil, "Only accounts whose deletion is scheduled."),
      Option("group", "NAME", "Only the accounts of a group."),
      Option("contact-email", "ADDRESS", "Only accounts with a profile that has the address."),
      .limit,
    ]
  ) { invocation in
    let lists: [AccountList] = [
      invocation.has("administrators") ? .administrators : nil, invocation.has("deleted") ? .deleted : nil,
      invocation.value("group").map { .group($0) },
      invocation.value("contact-email").map { .contact(ContactAddress($0)) },
    ].compactMap(\.self)
    guard lists.count < 2 else { throw CommandError.usage("give one of the filters alone") }
    let opened = try OpenedApp(invocation)
    let now = opened.now
    var pages = Pages(limit: try invocation.limit()) { (last: Account?, limit) in
      try opened.read { try $0.accounts(lists.first ?? .all, after: last?.sequence, limit: limit) }
    } row: {
      opened.app.shown($0)
    }
    try Table<Account>(columns: [
      .init("Account") { "\($0.accountid)" },
      .init("Username") { $0.username ?? "-" },
      .init("Created") { Output.time($0.createdAt) },
      .init("Last sign-in") { Output.time($0.lastSignedInAt) },
      .init("State") { $0.states(at: now) },
      .init("Groups") { $0.groups.joined(separator: ",") },
    ]).write(invocation.output, empty: "There are no such accounts.") { try pages.next() }
    return ExitStatus.success
  }
}
