import DashboardAccounts
import DashboardRecords
import DashboardRouting
import DashboardWireFormat

extension Command {
  static let resetCodeCreate = Command(
    "reset-code create", "Makes a code by which a person sets a new password.",
    details: """
      Pass the code on to the person alone. It is used on the page "Reset your password", or with
      PATCH /api/user/reset-account-password, and it is shown only here.
      """,
    operands: [.account], changes: true
  ) { invocation in
    let opened = try OpenedApp(invocation)
    let account = try opened.account(invocation.subject)
    let made = try opened.call { caller, context in
      let secret = ResetCodeRules.newSecret(context)
      let code = try ResetCodeRules.create(caller, &context, for: account) { Array(secret.utf8)[...] }
      // The code of a dry run never counts.
      return NewResetCode(code: code, secret: invocation.isDryRun ? nil : secret)
    }
    let days = opened.app.configuration.resetCodeLifetime
    let life = days > 0 ? " It counts for \(days) days." : ""
    try invocation.sayDone(made, "The code for \(opened.app.named(account)): \(made.secret ?? "-")\(life)")
    return ExitStatus.success
  }
}

/// A reset code with its secret, which is shown once.
private struct NewResetCode: JSONEncodable {
  let code: ResetCode
  /// `nil` after a dry run.
  let secret: String?

  static var schema: JSONSchema { .object("resetcode") }

  func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("codeid", code.codeid)
      object.kind("resetcode")
      object.member("appid", code.appid)
      object.member("accountid", code.accountid)
      object.member("createdAt", code.createdAt)
      object.member("secretCode", secret)
    }
  }
}
