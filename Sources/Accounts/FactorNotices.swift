package import DashboardRecords
import DashboardStore

/// What a person learns of others who know the password, or who have taken second factors away.
extension FactorChanges {
  /// True if an administrator or an operator took the account's second factors away within a week, it has none again, and its password
  /// is not newer.
  package static func wereTaken(_ context: Context, from account: Account) throws -> Bool {
    guard !account.hasSecondFactor else { return false }
    let weekAgo = context.now.adding(seconds: -7 * 86_400)
    return try context.read { snapshot in
      try snapshot.events(of: account).contains { event in
        event.name == Event.Name.factorsRemoved.rawValue && event.createdAt > weekAgo
          && account.passwordLastChangedAt.map { $0 < event.createdAt } ?? true
      }
    }
  }

  /// Takes note of wrong codes that followed a right password.
  package static func takeNote(_ caller: Caller, _ context: Context) throws {
    try context.changeOwn(caller) { change, account, now in
      guard account.factors?.unnoticedWrongCode != nil else { return }
      var account = account
      account.changeFactors { $0.takeNoteOfWrongCodes() }
      try change.update(account)
    }
  }
}
