public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/profiles: the profiles of all accounts or of one, newest first.
  public enum Profiles: Endpoint {
    public static var route: String { "/api/administrator/profiles" }
    public static let declaration = Declaration(
      .get, route, "Lists the profiles of all accounts or of one, newest first.",
      access: .administrator,
      takes: [NamedAccount.filter] + Paging.parameters,
      exceptions: [NamedAccount.unknown] + Paging.exceptions,
      settings: [.pageSize])

    public static func answer(_ call: inout Call) throws -> [Profile] {
      try call.list(.profile, of: NamedAccount.anyIfNamed(call))
    }
  }
}
