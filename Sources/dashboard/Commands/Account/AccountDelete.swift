import DashboardAccounts
import DashboardRecords

extension Command {
  static let accountDelete = Command(
    "account delete", "Schedules the deletion of an account, or deletes it at once.",
    details: """
      Until the deletion is due, after DELETE_DELAY days, "dashboard account restore" cancels it. With --now the account and
      all of its records are removed, and only a backup has them then.
      """,
    operands: [.account],
    options: [Option("now", nil, "Remove the account and its records at once."), Terminal.yesOption],
    changes: true
  ) { invocation in
    let opened = try OpenedApp(invocation)
    let account = try opened.account(invocation.subject)
    let (id, name) = (account.accountid, opened.app.named(account))
    guard invocation.has("now") else {
      let account = try opened.call { try Deletion.schedule($0, &$1, id) }
      let due = Output.time(account.deletedAt)
      try invocation.sayDone(opened.app.shown(account), "\(name) will be deleted at \(due) UTC.")
      return ExitStatus.success
    }
    guard try invocation.isDryRun || Terminal.agrees(to: "Remove \(name) and all of its records?", invocation)
    else {
      throw CommandError(ExitStatus.temporary, "nothing was changed")
    }
    try opened.call { try Deletion.delete($0, &$1, id) }
    try invocation.sayDone(opened.app.shown(account), "Removed \(name) and all of its records.")
    return ExitStatus.success
  }

  static let accountRestore = changingAccount(
    "account restore", "Cancels the deletion of an account.", done: "Cancelled the deletion of"
  ) { caller, context, id, _ in try Deletion.cancel(caller, &context, id) }
}
