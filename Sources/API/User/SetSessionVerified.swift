public import DashboardRecords
public import DashboardRouting
import DashboardStore

/// PATCH /api/user/set-session-verified: proves the password anew.
public enum SetSessionVerified: Endpoint {
  static let notCurrent = Exception(
    "invalid-session", 403, "querystring sessionid is not the session that asks", field: "sessionid")

  public static var route: String { "/api/user/set-session-verified" }
  public static let declaration = Declaration(
    .patch, route,
    "Proves the password anew, for what only a fresh session may do.",
    access: .session,
    takes: [Named.session.ownParameter, PostedCredentials.username, PostedCredentials.password],
    exceptions: Named.session.ownExceptions + [
      notCurrent, PostedCredentials.missingUsername, PostedCredentials.missingPassword,
      PostedCredentials.shortUsername, PostedCredentials.shortPassword, PostedCredentials.unknownUsername,
      PostedCredentials.wrongPassword,
    ] + Guesses.exceptions,
    settings: [.verificationDelay, .minimumUsername, .minimumPassword] + Guesses.settings,
    isHashing: true)

  public static func answer(_ call: inout Call) throws -> Session {
    let session = try Named.session.own(call)
    let asker = try call.asker
    guard session.sessionid == asker.session.sessionid else { throw notCurrent }
    let fields = try PostedCredentials.fields(call)
    try PostedCredentials.checkLength(username: fields.username, call)
    try PostedCredentials.checkLength(password: fields.password, call)
    let proof = try PostedCredentials.verify(fields, &call) { $0.accountid == asker.account.accountid }
    let verified = try call.changeOwn(proving: proof) { change, _, now in
      guard var session: Session = try change.record(session.sessionid) else {
        throw AccessRefusal.signInRequired
      }
      session.lastVerifiedAt = now
      session.updatedAt = now
      try change.update(session)
      return session
    }
    call.note(.verified, verified.accountid)
    return verified
  }
}
