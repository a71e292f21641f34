import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

/// GET /api/user/profiles-count: how many profiles the asker's account has.
public enum ProfilesCount: Endpoint {
  public static var route: String { "/api/user/profiles-count" }
  public static let declaration = Declaration(
    .get, route, "Counts the profiles of the asker's account.",
    access: .session,
    takes: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Int {
    let account = try NamedAccount.own(call)
    return try call.read { try $0.count(Profile.self, of: account) }
  }
}
