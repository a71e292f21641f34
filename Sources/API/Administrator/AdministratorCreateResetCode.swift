public import DashboardRecords
public import DashboardRouting
import DashboardStore

extension Administrator {
  /// POST /api/administrator/create-reset-code: a reset code for any account.
  public enum CreateResetCode: Endpoint {
    public static var route: String { "/api/administrator/create-reset-code" }
    public static let declaration = Declaration(
      .post, route,
      "Creates a reset code for an account, whose owner can then set a new password.",
      access: .freshAdministrator,
      takes: [NamedAccount.parameter, DashboardEndpoints.CreateResetCode.parameter],
      exceptions: NamedAccount.exceptions + [
        Protection.owner, DashboardEndpoints.CreateResetCode.invalid,
        DashboardEndpoints.CreateResetCode.length, Guesses.tooManyCodes,
      ],
      settings: DashboardEndpoints.CreateResetCode.settings + [.verificationDelay])

    public static func answer(_ call: inout Call) throws -> ResetCode {
      let account = try NamedAccount.any(call)
      try Protection.checkOwner(account, asker: call.asker.account)
      // It can't be used any more.
      if account.isDue(at: call.now) { throw NamedAccount.unknown }
      let draft = try DashboardEndpoints.CreateResetCode.Draft(call)
      try call.countResetCode()
      let result = try call.changeAny(account.accountid) { change, asker, account, now in
        try Protection.checkOwner(account, asker: asker)
        return try draft.add(to: account, by: asker, change, now)
      }
      call.note(.codeCreated, result.accountid)
      return result
    }
  }
}
