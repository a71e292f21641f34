public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/reset-codes: the reset codes of all accounts or of one, newest first.
  public enum ResetCodes: Endpoint {
    public static var route: String { "/api/administrator/reset-codes" }
    public static let declaration = Declaration(
      .get, route,
      "Lists the reset codes of all accounts or of one, newest first.",
      access: .administrator,
      takes: [NamedAccount.filter] + Paging.parameters,
      exceptions: [NamedAccount.unknown] + Paging.exceptions,
      settings: [.pageSize])

    public static func answer(_ call: inout Call) throws -> [ResetCode] {
      try call.list(.resetCode, of: NamedAccount.anyIfNamed(call))
    }
  }
}
