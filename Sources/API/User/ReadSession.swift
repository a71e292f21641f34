public import Accounts
public import Routing

/// GET /api/user/session: one session of the asker's account.
public enum ReadSession: Endpoint {
  public static let declaration = Declaration(
    .get, "/api/user/session", "Returns a session of the asker's account.",
    access: .session,
    takes: [OwnSession.parameter],
    exceptions: OwnSession.exceptions,
    returns: "session",
    example: Example.session)

  public static func answer(_ call: inout Call) throws -> Session { try OwnSession.find(call) }
}
