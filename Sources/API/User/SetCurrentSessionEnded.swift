public import Accounts
public import Routing

/// PATCH /api/user/set-current-session-ended: signs out.
public enum SetCurrentSessionEnded: Endpoint {
  public static let declaration = Declaration(
    .patch, "/api/user/set-current-session-ended",
    "Signs out: ends the session that asks and clears its cookies.",
    access: .session,
    exceptions: [SetSessionEnded.alreadyEnded],
    returns: "session",
    example: Example.endedSession)

  public static func answer(_ call: inout Call) throws -> Session {
    try SetSessionEnded.end(call.asker.session, &call)
  }
}
