import DashboardAccounts

extension Command {
  static let accountRemoveFactors = changingAccount(
    "account remove-second-factors",
    "Takes the authenticator app, the passkeys and the recovery codes of an account away, for a person who lost them.",
    details:
      "The password alone then signs in. All sessions of the account end. Only this command does it for the owner.",
    done: "Removed the second factors of"
  ) { caller, context, id, _ in try FactorChanges.removeAll(caller, &context, of: id) }
}
