public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/accounts-count: how many these are: all accounts.
  public enum AccountsCount: Endpoint {
    public static var route: String { "/api/administrator/accounts-count" }
    public static let declaration = Declaration(
      .get, route, "Counts all accounts.",
      access: .administrator)

    public static func answer(_ call: inout Call) throws -> Int { try call.read { try $0.count(.all) } }
  }
}
