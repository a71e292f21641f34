import DashboardAccounts

extension Command {
  static let invitationCreate = Command(
    "invitation create", "Makes a code that lets people register, also where registration is closed.",
    details:
      "It belongs to the owner. Give people the address of the page \"Register\" with ?invitation=CODE, or the code alone.",
    options: [
      Option("uses", "NUMBER", "How many accounts: 1 to 1000, by default 1."),
      Option("days", "NUMBER", "How long it counts: 1 to 90 days, by default 7."),
      Option("groups", "NAMES", "The groups of these accounts, separated by commas."),
      Option("note", "TEXT", "What it is for, for administrators alone."),
    ], changes: true
  ) { invocation in
    let uses = try invocation.number("uses", in: InvitationRules.allowedUses) ?? 1
    let days = try invocation.number("days", in: InvitationRules.allowedDays) ?? InvitationRules.usualDays
    let groups = try GroupNames.parse(Array((invocation.value("groups") ?? "").utf8)[...])
    let note = invocation.value("note") ?? ""
    guard InvitationRules.allowedNote.contains(note.unicodeScalars.count) else {
      throw CommandError.usage("the note has more than \(InvitationRules.allowedNote.upperBound) characters")
    }
    let opened = try OpenedApp(invocation)
    var invitation = try opened.call {
      try InvitationRules.create($0, &$1, uses: uses, days: days, groups: groups, note: note)
    }
    if invocation.isDryRun { invitation.code = nil }
    let accounts = uses == 1 ? "one account" : "\(uses) accounts"
    let end = Output.time(invitation.expiresAt)
    try invocation.sayDone(
      invitation, "The code: \(invitation.code ?? "-"). It counts for \(accounts) until \(end) UTC.")
    return ExitStatus.success
  }
}
