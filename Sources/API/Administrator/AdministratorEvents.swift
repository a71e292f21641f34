import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/events: what happened to all accounts or to one, newest first.
  public enum Events: Endpoint {
    public static var route: String { "/api/administrator/events" }
    public static let declaration = Declaration.list(
      route, "Lists the last events of all accounts or of one, newest first. They are kept for 90 days.")

    public static func answer(_ call: inout Call) throws -> [AccountEvent] {
      try call.listEvents(of: NamedAccount.anyIfNamed(call), asAdministrator: true)
    }
  }
}
