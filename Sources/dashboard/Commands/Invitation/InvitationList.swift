import DashboardAccounts
import DashboardRecords
import DashboardStore

extension Command {
  static let invitationList = Command(
    "invitation list", "Lists invitations, newest first.", options: [.limit]
  ) { invocation in
    let opened = try OpenedApp(invocation)
    var pages = Pages(limit: try invocation.limit()) { (last: Invitation?, limit) in
      try opened.read { try $0.records(of: nil, after: last?.sequence, limit: limit) }
    } row: {
      $0
    }
    try Table<Invitation>(columns: [
      .init("Invitation") { "\($0.invitationid)" },
      .init("Made by") { "\($0.accountid)" },
      .init("Used") { "\($0.used) of \($0.uses)" },
      .init("Expires") { Output.time($0.expiresAt) },
      .init("Groups") { $0.groups.joined(separator: ",") },
      .init("Note") { $0.note },
    ]).write(invocation.output, empty: "There are no invitations.") { try pages.next() }
    return ExitStatus.success
  }

  static let invitationDelete = Command(
    "invitation delete", "Removes an invitation, so that its code does not count any more.",
    operands: [Operand(name: "INVITATION", meaning: "An identifier: dashboard invitation list")],
    changes: true
  ) { invocation in
    let opened = try OpenedApp(invocation)
    guard let id = InvitationID(Array(invocation.subject.utf8)[...]),
      let invitation: Invitation = try opened.read({ try $0.record(id) })
    else { throw CommandError(ExitStatus.noInput, "there is no invitation '\(invocation.subject)'") }
    try opened.call { try InvitationRules.delete($0, &$1, invitation) }
    try invocation.sayDone(invitation, "Removed \(invitation.invitationid).")
    return ExitStatus.success
  }
}
