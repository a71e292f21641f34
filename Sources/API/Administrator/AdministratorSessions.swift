public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/sessions: the sessions of all accounts or of one, newest first.
  public enum Sessions: Endpoint {
    public static var route: String { "/api/administrator/sessions" }
    public static let declaration = Declaration(
      .get, route,
      "Lists the sessions of all accounts or of one, living and ended, newest first.",
      access: .administrator,
      takes: [NamedAccount.filter] + Paging.parameters,
      exceptions: [NamedAccount.unknown] + Paging.exceptions,
      settings: [.pageSize])

    public static func answer(_ call: inout Call) throws -> [Session] {
      try call.listSessions(of: NamedAccount.anyIfNamed(call))
    }
  }
}
