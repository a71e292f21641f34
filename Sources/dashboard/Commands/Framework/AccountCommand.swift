import DashboardAccounts
import DashboardRecords
import DashboardSystem
import DashboardWireFormat

/// What the commands of accounts share.
extension Command {
  /// A command that changes one account by a rule.
  ///
  /// - Parameters:
  ///   - done: what happened, such as `Suspended`. The account's name follows.
  ///   - rule: returns the account after the change.
  static func changingAccount(
    _ name: String, _ summary: String, details: String = "", operands: [Operand] = [], options: [Option] = [],
    done: String, rule: @escaping @Sendable (Caller, inout Context, AccountID, Invocation) throws -> Account
  ) -> Command {
    Command(
      name, summary, details: details, operands: [.account] + operands, options: options, changes: true
    ) { invocation in
      let opened = try OpenedApp(invocation)
      let id = try opened.account(invocation.subject).accountid
      let account = try opened.call { try rule($0, &$1, id, invocation) }
      try invocation.sayDone(opened.app.shown(account), "\(done) \(opened.app.named(account)).")
      return ExitStatus.success
    }
  }
}

extension Invocation {
  var output: Output { Output(isJSON: isJSON) }

  /// Writes the changed value, or else a sentence.
  func sayDone(_ value: some JSONEncodable, _ sentence: String) throws {
    do throws(Errno) {
      try output.say(value, isDryRun ? "Dry run, nothing is changed. Without it: \(sentence)" : sentence)
    } catch {
      let state = isDryRun ? "nothing is changed" : "it is done"
      throw CommandError(ExitStatus.inputOutput, "\(state), but the result can't be printed: \(error)")
    }
  }
}

extension App {
  /// The identifier of an account, with its username if the app keeps it.
  func named(_ account: Account) -> String {
    username(of: account).map { "\(account.accountid) (\($0))" } ?? "\(account.accountid)"
  }
}

extension Account {
  /// What sets the account apart from an ordinary one, in words.
  func states(at now: Timestamp) -> String {
    let states = [
      isOwner ? "owner" : isAdministrator ? "administrator" : nil,
      suspendedAt.map { _ in "suspended" },
      deletedAt.map { $0 <= now ? "deleted" : "deleted from \(Output.time($0))" },
      passwordSet ? nil : "no password yet",
    ]
    return states.compactMap(\.self).joined(separator: ", ")
  }
}
