public import DashboardRecords
public import DashboardRouting

/// GET /api/user/profile: one profile of the asker's account.
public enum ReadProfile: Endpoint {
  public static var route: String { "/api/user/profile" }
  public static let declaration = Declaration(
    .get, route, "Returns a profile of the asker's account.",
    access: .session,
    takes: [Named.profile.ownParameter],
    exceptions: Named.profile.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Profile { try Named.profile.own(call) }
}
