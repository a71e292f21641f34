import DashboardAccounts

extension Command {
  static let accountSetPassword = changingAccount(
    "account set-password", "Sets the password of an account. Its sessions end.",
    details: """
      It asks for the password. A person who can be reached is better served by "dashboard reset-code create": then only
      that person knows the password.
      """,
    options: [Terminal.passwordOption], done: "Set the password of"
  ) { caller, context, id, invocation in
    try PasswordRules.set(caller, &context, of: id, to: Terminal.newPassword(invocation)[...])
  }
}
