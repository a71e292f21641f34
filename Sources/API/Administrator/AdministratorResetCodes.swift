import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/reset-code: a reset code of any account.
  public enum ReadResetCode: Endpoint {
    public static var route: String { "/api/administrator/reset-code" }
    public static let declaration = Declaration(
      .get, route, "Returns a reset code of any account.",
      access: .administrator,
      parameters: [Named.resetCode.parameter],
      exceptions: Named.resetCode.exceptions)

    public static func answer(_ call: inout Call) throws -> ResetCode { try Named.resetCode.any(call) }
  }

  /// GET /api/administrator/reset-codes: the reset codes of all accounts or of one, newest first.
  public enum ResetCodes: Endpoint {
    public static var route: String { "/api/administrator/reset-codes" }
    public static let declaration = Declaration.list(
      route, "Lists the reset codes of all accounts or of one, newest first.")

    public static func answer(_ call: inout Call) throws -> [ResetCode] {
      try call.list(.resetCode, of: NamedAccount.anyIfNamed(call))
    }
  }

  /// GET /api/administrator/reset-codes-count: the number of reset codes of all accounts or of one.
  public enum ResetCodesCount: Endpoint {
    public static var route: String { "/api/administrator/reset-codes-count" }
    public static let declaration = Declaration.count(
      route, "Counts the reset codes of all accounts or of one.")

    public static func answer(_ call: inout Call) throws -> Int {
      try call.count(ResetCode.self, of: NamedAccount.anyIfNamed(call))
    }
  }

  /// POST /api/administrator/create-reset-code: a reset code for any account.
  public enum CreateResetCode: Endpoint {
    public static var route: String { "/api/administrator/create-reset-code" }
    public static let declaration = Declaration(
      .post, route,
      "Creates a reset code for an account. Its holder can set a new password with it.",
      access: .freshAdministrator,
      parameters: [NamedAccount.parameter, SecretCode.parameter],
      exceptions: NamedAccount.exceptions + [Protection.owner] + SecretCode.exceptions,
      settings: SecretCode.settings)

    public static func answer(_ call: inout Call) throws -> ResetCode {
      let account = try NamedAccount.any(call)
      let posted = call.posted
      return try ResetCodeRules.create(call.caller, &call.context, for: account) {
        try SecretCode.posted(posted)
      }
    }
  }

  /// DELETE /api/administrator/delete-reset-code: removes a reset code of any account.
  public enum DeleteResetCode: Endpoint {
    static let owner = Exception(
      "invalid-account", 403, "the reset code belongs to the owner's account", field: "codeid"
    ).answering(ResetCodeError.protected)

    public static var route: String { "/api/administrator/delete-reset-code" }
    public static let declaration = Declaration(
      .delete, route, "Removes a reset code of any account.",
      access: .freshAdministrator,
      parameters: [Named.resetCode.parameter],
      exceptions: Named.resetCode.exceptions + [owner],
      settings: [.verificationDelay])

    public static func answer(_ call: inout Call) throws -> Bool {
      let code = try Named.resetCode.any(call)
      try ResetCodeRules.delete(call.caller, &call.context, code)
      return true
    }
  }
}
