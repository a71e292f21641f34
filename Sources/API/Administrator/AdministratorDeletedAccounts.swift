public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/deleted-accounts: the accounts whose deletion is scheduled, newest first.
  public enum DeletedAccounts: Endpoint {
    public static var route: String { "/api/administrator/deleted-accounts" }
    public static let declaration = Declaration(
      .get, route,
      "Lists the accounts whose deletion is scheduled, newest first.",
      access: .administrator,
      takes: Paging.parameters,
      exceptions: Paging.exceptions,
      settings: [.pageSize])

    public static var example: [Account] { [.deletedExample] }

    public static func answer(_ call: inout Call) throws -> [Account] { try call.list(.deleted) }
  }
}
