import DashboardAccounts

extension Command {
  static let accountGroups = changingAccount(
    "account groups", "Sets the groups of an account.",
    operands: [
      Operand(
        name: "NAMES", meaning: "Up to 64 names, separated by commas; '' takes the account out of all groups."
      )
    ], done: "Set the groups of"
  ) { caller, context, id, invocation in
    try Groups.set(caller, &context, id, names: Array((invocation.operand(1) ?? "").utf8)[...])
  }
}
