import DashboardAccounts
import DashboardRecords

extension Command {
  static let sessionEnd = Command(
    "session end", "Ends a session, by its identifier.",
    operands: [Operand(name: "SESSION", meaning: "An identifier: dashboard session list")], changes: true
  ) { invocation in
    let opened = try OpenedApp(invocation)
    guard let id = SessionID(Array(invocation.subject.utf8)[...]),
      let session: Session = try opened.read({ try $0.record(id) })
    else { throw CommandError(ExitStatus.noInput, "there is no session '\(invocation.subject)'") }
    let ended = try opened.call { try SessionRules.end($0, &$1, any: session) }
    try invocation.sayDone(ended, "Ended \(ended.sessionid) of \(ended.accountid).")
    return ExitStatus.success
  }

  static let sessionEndAll = changingAccount(
    "session end-all", "Ends all sessions of an account.",
    details:
      "Its reset codes end too, and its invitations: so it undoes what a thief made with a stolen session.",
    done: "Ended all sessions of"
  ) { caller, context, id, _ in try SessionRules.endAll(caller, &context, of: id) }
}
