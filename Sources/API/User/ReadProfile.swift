public import Accounts
public import Routing

/// GET /api/user/profile: one profile of the asker's account.
public enum ReadProfile: Endpoint {
  public static let declaration = Declaration(
    .get, "/api/user/profile", "Returns a profile of the asker's account.",
    access: .session,
    takes: [Named.profile.ownParameter],
    exceptions: Named.profile.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Profile { try Named.profile.own(call) }
}
