import DashboardAccounts

extension Command {
  static let accountRename = changingAccount(
    "account rename", "Gives an account another username. Its sessions end.",
    operands: [Operand(name: "NAME", meaning: "The new username.")], done: "Renamed"
  ) { caller, context, id, invocation in
    try UsernameRules.change(caller, &context, of: id, to: Array((invocation.operand(1) ?? "").utf8)[...])
  }
}
