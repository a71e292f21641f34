import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/profiles-count: how many profiles there are, or one account has.
  public enum ProfilesCount: Endpoint {
    public static var route: String { "/api/administrator/profiles-count" }
    public static let declaration = Declaration(
      .get, route, "Counts the profiles of all accounts or of one.",
      access: .administrator,
      takes: [NamedAccount.filter],
      exceptions: [NamedAccount.unknown])

    public static func answer(_ call: inout Call) throws -> Int {
      let account = try NamedAccount.anyIfNamed(call)
      return try call.read { try $0.count(Profile.self, of: account) }
    }
  }
}
