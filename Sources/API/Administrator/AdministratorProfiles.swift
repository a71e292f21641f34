public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/profile: a profile of any account.
  public enum ReadProfile: Endpoint {
    public static var route: String { "/api/administrator/profile" }
    public static let declaration = Declaration(
      .get, route, "Returns a profile of any account.",
      access: .administrator,
      parameters: [Named.profile.parameter],
      exceptions: Named.profile.exceptions)

    public static func answer(_ call: inout Call) throws -> Profile { try Named.profile.any(call) }
  }

  /// GET /api/administrator/profiles: the profiles of all accounts or of one, newest first.
  public enum Profiles: Endpoint {
    public static var route: String { "/api/administrator/profiles" }
    public static let declaration = Declaration.list(
      route, "Lists the profiles of all accounts or of one, newest first.")

    public static func answer(_ call: inout Call) throws -> [Profile] {
      try call.list(.profile, of: NamedAccount.anyIfNamed(call))
    }
  }

  /// GET /api/administrator/profiles-count: the number of profiles of all accounts or of one.
  public enum ProfilesCount: Endpoint {
    public static var route: String { "/api/administrator/profiles-count" }
    public static let declaration = Declaration.count(
      route, "Counts the profiles of all accounts or of one.")

    public static func answer(_ call: inout Call) throws -> Int {
      try call.count(Profile.self, of: NamedAccount.anyIfNamed(call))
    }
  }
}
