public import Accounts
public import Routing

/// PATCH /api/user/set-current-session-ended: signs out.
public enum SetCurrentSessionEnded: Endpoint {
  /// By another request since this one began.
  static let alreadyEnded = Exception("invalid-session", 409, "the session is already ended")

  public static let declaration = Declaration(
    .patch, "/api/user/set-current-session-ended",
    "Signs out: ends the session that asks and clears its cookies.",
    access: .session,
    exceptions: [alreadyEnded],
    returns: "session",
    example: Example.endedSession)

  public static func answer(_ call: inout Call) throws -> Session {
    try SetSessionEnded.end(call.asker.session, &call, alreadyEnded: alreadyEnded)
  }
}
