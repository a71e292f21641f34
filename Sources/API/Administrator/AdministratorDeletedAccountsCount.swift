public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/deleted-accounts-count: how many these are: the accounts whose deletion is scheduled.
  public enum DeletedAccountsCount: Endpoint {
    public static var route: String { "/api/administrator/deleted-accounts-count" }
    public static let declaration = Declaration(
      .get, route, "Counts the accounts whose deletion is scheduled.",
      access: .administrator)

    public static func answer(_ call: inout Call) throws -> Int { try call.read { try $0.count(.deleted) } }
  }
}
