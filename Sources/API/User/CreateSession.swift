public import Accounts
public import Routing
import Store

/// POST /api/user/create-session: signs in.
public enum CreateSession: Endpoint {
  static let accountDeleted = Exception(
    "account-deleted", 409, "the account is scheduled for deletion", field: "username")

  public static let declaration = Declaration(
    .post, "/api/user/create-session",
    "Signs in: creates a session, returns its token, and sets the cookies `sessionid` and `token`.",
    access: .open,
    takes: [
      .required(.posted, "username", "a username"),
      .required(.posted, "password", "its password"),
      .optional(.posted, "remember", "hours (8 hours), days (30 days); 20 minutes otherwise"),
    ],
    exceptions: [
      PostedCredentials.missingUsername, PostedCredentials.missingPassword, PostedCredentials.unknownUsername,
      PostedCredentials.wrongPassword, accountDeleted,
    ],
    returns: "session",
    example: Example.newSession,
    isHashing: true)

  public static func answer(_ call: inout Call) throws -> Session {
    guard let username = call.posted["username"] else { throw PostedCredentials.missingUsername }
    guard let password = call.posted["password"] else { throw PostedCredentials.missingPassword }
    let account = try PostedCredentials.verify(username: username, password: password, call)
    let (dashboard, app) = (call.dashboard, call.app)
    let cost = call.configuration.bcryptCost
    let rehashed =
      account.passwordHash.cost == cost
      ? nil : try PasswordHash(password, cost: cost, keys: dashboard.keys, random: dashboard.random)
    let remember = call.posted["remember"].flatMap { Remember(rawValue: String(decoding: $0, as: UTF8.self)) }
    let id = SessionID(rawValue: dashboard.random.number())
    let token = Hexadecimal.text(dashboard.random.bytes(32))
    let csrfToken = dashboard.random.bytes(64)

    let session = try call.write { change in
      guard var current = try change.account(account.accountid), current.hasSameCredentials(as: account)
      else {
        // Changed since the password was checked.
        throw PostedCredentials.wrongPassword
      }
      if current.deletedAt != nil { throw accountDeleted }
      if let rehashed { current.passwordHash = rehashed }
      let tokenHash = dashboard.keys.tokenHash(
        accountid: current.accountid, token: token.utf8, sessionKey: current.sessionKey)
      let session = Session(
        sessionid: id, appid: app, accountid: current.accountid, sequence: try change.nextSequence(),
        duration: Remember.duration(remember), csrfToken: csrfToken, tokenHash: tokenHash,
        sessionKeyNumber: current.sessionKeyNumber, createdAt: dashboard.clock.now())
      try change.signIn(current, session)
      return session
    }
    var shown = session
    shown.token = token
    call.cookieEffect = .set(shown)
    return shown
  }
}
