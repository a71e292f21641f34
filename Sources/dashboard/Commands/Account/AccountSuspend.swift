import DashboardAccounts

extension Command {
  static let accountSuspend = changingAccount(
    "account suspend", "Keeps a person out: the sessions of the account end, and no new one begins.",
    details: "Reset codes and invitations that the account made for others do not count meanwhile.",
    options: [Option("reason", "TEXT", "Why, for administrators alone.")], done: "Suspended"
  ) { caller, context, id, invocation in
    try Suspensions.suspend(
      caller, &context, id, reason: invocation.value("reason").map { Array($0.utf8)[...] })
  }

  static let accountResume = changingAccount(
    "account resume", "Ends the suspension of an account. Its person signs in again.", done: "Resumed"
  ) { caller, context, id, _ in try Suspensions.resume(caller, &context, id) }
}
