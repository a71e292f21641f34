import DashboardAccounts
import DashboardRecords

extension Command {
  static let accountCreate = Command(
    "account create", "Creates an account, also where registration is closed.",
    details: """
      The first account of an app is the owner's. It asks for the password, or with --code prints a code by which the
      account's holder chooses one (page "Reset your password", or PATCH /api/user/reset-account-password).
      """,
    operands: [Operand(name: "NAME", meaning: "The username.")],
    options: [
      Option("owner", nil, "Make it the owner's. The former owner stays an administrator."),
      Terminal.passwordOption,
      Option("code", nil, "Set no password, and print a code for the account's holder."),
      Option("days", "NUMBER", "How long the code counts: 1 to 90 days, by default 7."),
      Option("groups", "NAMES", "The groups of an account with a code, separated by commas."),
    ], changes: true
  ) { invocation in
    let username = Array(invocation.subject.utf8)[...]
    let days = try invocation.number("days", in: Registration.allowedDays)
    let groups = invocation.value("groups")
    let usesCode = invocation.has("code")
    if !usesCode, days != nil || groups != nil { throw CommandError.usage("--days and --groups need --code") }
    if usesCode, invocation.has("owner") || invocation.has(Terminal.passwordOption) {
      throw CommandError.usage("--code goes with neither --owner nor --\(Terminal.passwordOption.name)")
    }
    let opened: OpenedApp
    var account: Account
    if usesCode {
      let names = try GroupNames.parse(Array((groups ?? "").utf8)[...])
      opened = try OpenedApp(invocation)
      account = try opened.call {
        try Registration.registerForAnother(
          $0, &$1, username: username, groups: names, days: days ?? Registration.usualDays)
      }
    } else {
      // Asked for before there are data, so that an interrupted command leaves none.
      let password = try Terminal.newPassword(invocation)
      opened = try OpenedApp(invocation, mayBegin: true)
      account = try opened.call { caller, context in
        let admission = try Registration.admit(caller, &context, setupCode: nil)
        return try Registration.register(
          caller, &context, admission, username: username, password: password[...], profile: { _ in nil })
      }
    }
    if invocation.has("owner"), !account.isOwner, !invocation.isDryRun {
      let id = account.accountid
      account = try opened.call { try Roles.transferOwnership($0, &$1, to: id) }
    }
    let role = account.isOwner ? ", the owner's" : ""
    if invocation.isDryRun { account.changeMembership { $0.secretCode = nil } }
    let code = account.secretCode.map { " The code for its holder: \($0)" } ?? ""
    try invocation.sayDone(opened.app.shown(account), "Created \(opened.app.named(account))\(role).\(code)")
    return ExitStatus.success
  }
}
