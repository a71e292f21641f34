public import DashboardRecords
public import DashboardRouting

extension Administrator {
  /// GET /api/administrator/session: a session of any account.
  public enum ReadSession: Endpoint {
    public static var route: String { "/api/administrator/session" }
    public static let declaration = Declaration(
      .get, route, "Returns a session of any account.",
      access: .administrator,
      takes: [Named.session.parameter],
      exceptions: Named.session.exceptions)

    public static func answer(_ call: inout Call) throws -> Session { try call.seen(Named.session.any(call)) }
  }
}
