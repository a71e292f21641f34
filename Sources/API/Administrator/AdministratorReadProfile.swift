public import DashboardRecords
public import DashboardRouting

extension Administrator {
  /// GET /api/administrator/profile: a profile of any account.
  public enum ReadProfile: Endpoint {
    public static var route: String { "/api/administrator/profile" }
    public static let declaration = Declaration(
      .get, route, "Returns a profile of any account.",
      access: .administrator,
      takes: [Named.profile.parameter],
      exceptions: Named.profile.exceptions)

    public static func answer(_ call: inout Call) throws -> Profile { try Named.profile.any(call) }
  }
}
