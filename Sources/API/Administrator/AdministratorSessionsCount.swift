import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/sessions-count: how many sessions there are, or one account has.
  public enum SessionsCount: Endpoint {
    public static var route: String { "/api/administrator/sessions-count" }
    public static let declaration = Declaration(
      .get, route,
      "Counts the sessions of all accounts or of one, living and ended.",
      access: .administrator,
      takes: [NamedAccount.filter],
      exceptions: [NamedAccount.unknown])

    public static func answer(_ call: inout Call) throws -> Int {
      let account = try NamedAccount.anyIfNamed(call)
      return try call.read { try $0.count(Session.self, of: account) }
    }
  }
}
