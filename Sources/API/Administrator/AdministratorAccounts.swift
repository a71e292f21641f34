public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/accounts: all accounts, newest first.
  public enum Accounts: Endpoint {
    public static var route: String { "/api/administrator/accounts" }
    public static let declaration = Declaration(
      .get, route, "Lists all accounts, newest first.",
      access: .administrator,
      takes: Paging.parameters,
      exceptions: Paging.exceptions,
      settings: [.pageSize])

    public static func answer(_ call: inout Call) throws -> [Account] { try call.list(.all) }
  }
}
