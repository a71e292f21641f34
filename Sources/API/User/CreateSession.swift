public import DashboardRecords
public import DashboardRouting
import DashboardStore
import DashboardWireFormat

/// POST /api/user/create-session: signs in.
public enum CreateSession: Endpoint {
  static let accountDeleted = Exception(
    "account-deleted", 409, "the account is scheduled for deletion", field: "username")

  public static var route: String { "/api/user/create-session" }
  public static let declaration = Declaration(
    .post, route,
    "Signs in: creates a session, returns its token, and sets the cookies `sessionid` and `token`.",
    access: .open,
    takes: [
      PostedCredentials.username, PostedCredentials.password,
      .optional(.posted, "remember", "hours (8 hours), days (30 days); 20 minutes otherwise"),
    ],
    exceptions: [
      PostedCredentials.missingUsername, PostedCredentials.missingPassword, PostedCredentials.unknownUsername,
      PostedCredentials.wrongPassword, accountDeleted,
    ] + Guesses.exceptions,
    settings: [.passwordHash, .bcryptCost, .idleTimeout, .maximumRecords] + Guesses.settings,
    isHashing: true)

  public static var example: Session { .newExample }

  public static func answer(_ call: inout Call) throws -> Session {
    let fields = try PostedCredentials.fields(call)
    let proof = try PostedCredentials.verify(fields, &call, failure: .signInFailed)
    let rehashed = proof.isHashCurrent ? nil : try call.passwordHash(fields.password)
    let remember = call.posted["remember"].flatMap { Remember($0) }
    let id = SessionID(madeAt: call.moment, call.random)
    let token = Hexadecimal.text(call.random.bytes(32))
    let csrfToken = call.random.bytes(64)

    let usernameHash = call.keys.hash(fields.username)
    let (app, keys) = (call.app.name, call.keys)
    let most = call.configuration.maximumRecords
    let idleTimeout = Int64(call.configuration.idleTimeout)
    let session = try call.write(proving: proof) { change, account, now in
      if account.deletedAt != nil { throw accountDeleted }
      var current = account
      if let rehashed { current.passwordHash = rehashed }
      current.usernameHash = usernameHash
      let tokenHash = keys.tokenHash(
        accountid: current.accountid, token: Array(token.utf8)[...], sessionKey: current.sessionKey)
      let session = Session(
        sessionid: try change.unused(id), appid: app, accountid: current.accountid,
        sequence: try change.nextSequence(),
        duration: Remember.duration(remember), csrfToken: csrfToken, tokenHash: tokenHash,
        epoch: current.sessionEpoch, idleTimeout: idleTimeout, createdAt: now)
      try change.signIn(current, session, atMost: most)
      return session
    }
    call.note(.signedIn, session.accountid)
    var shown = session
    shown.token = token
    call.cookieEffect = .set(shown)
    return shown
  }
}
