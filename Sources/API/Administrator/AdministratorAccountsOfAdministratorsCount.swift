public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/administrator-accounts-count: how many these are: the administrators' accounts.
  public enum AdministratorAccountsCount: Endpoint {
    public static var route: String { "/api/administrator/administrator-accounts-count" }
    public static let declaration = Declaration(
      .get, route, "Counts the administrators' accounts.",
      access: .administrator)

    public static func answer(_ call: inout Call) throws -> Int {
      try call.read { try $0.count(.administrators) }
    }
  }
}
