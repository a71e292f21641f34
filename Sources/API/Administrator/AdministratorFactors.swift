import DashboardAccounts
public import DashboardRecords
public import DashboardRouting

extension Administrator {
  /// GET /api/administrator/second-factors: the second factors of any account.
  public enum ReadSecondFactors: Endpoint {
    public static var route: String { "/api/administrator/second-factors" }
    public static let declaration = Declaration(
      .get, route, "Returns which second factors an account has.",
      access: .administrator,
      parameters: [NamedAccount.parameter],
      exceptions: NamedAccount.exceptions,
      settings: [.secondFactor])

    public static func answer(_ call: inout Call) throws -> SecondFactors {
      FactorChanges.shown(try NamedAccount.any(call), call.context)
    }
  }

  /// DELETE /api/administrator/delete-second-factors: for a person who has lost them all.
  public enum DeleteSecondFactors: Endpoint {
    static let onlyOwner = Exception(
      "invalid-account", 403, "the account is an administrator's, and the caller is not the owner",
      field: NamedAccount.name
    ).answering(RoleError.notOwner)
    static let notEnrolled = Exception(
      "invalid-account", 409, "the account has no second factor", field: NamedAccount.name
    ).answering(FactorError.notEnrolled)

    public static var route: String { "/api/administrator/delete-second-factors" }
    public static let declaration = accountChange(
      .delete, route,
      "Takes all second factors of an account away, for a person who has lost them, and ends its sessions. Those of an administrator only the owner takes away, and those of the owner only a command on the machine.",
      exceptions: [Protection.owner, onlyOwner, notEnrolled], settings: [.secondFactor])

    public static var example: SecondFactors { .noneExample }

    public static func answer(_ call: inout Call) throws -> SecondFactors {
      let id = try NamedAccount.any(call).accountid
      let account = try FactorChanges.removeAll(call.caller, &call.context, of: id)
      return FactorChanges.shown(account, call.context)
    }
  }
}
