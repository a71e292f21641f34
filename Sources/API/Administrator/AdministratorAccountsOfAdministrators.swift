public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/administrator-accounts: the administrators' accounts, newest first.
  public enum AdministratorAccounts: Endpoint {
    public static var route: String { "/api/administrator/administrator-accounts" }
    public static let declaration = Declaration(
      .get, route, "Lists the administrators' accounts, newest first.",
      access: .administrator,
      takes: Paging.parameters,
      exceptions: Paging.exceptions,
      settings: [.pageSize])

    public static func answer(_ call: inout Call) throws -> [Account] { try call.list(.administrators) }
  }
}
