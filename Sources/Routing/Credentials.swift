import DashboardAccounts
import DashboardCrypto
public import DashboardRecords
import DashboardStore
import DashboardWireFormat

/// The identifier of a session and its token, as cookies and `Authorization` carry them: `SESSIONID.TOKEN`.
///
/// They come from headers, never from a URL or a form.
struct Credential {
  let sessionid: SessionID
  /// 64 lower-case hexadecimal digits.
  let token: Bytes

  /// The credential of a cookie's value; `nil` if the text has another form, and so is another program's.
  init?(_ text: Bytes) {
    let id = text.prefix(SessionID.length)
    let rest = text.dropFirst(SessionID.length)
    guard rest.first == UInt8(ascii: "."), let sessionid = SessionID(id) else { return nil }
    self.init(sessionid, rest.dropFirst())
  }

  /// - Returns: `nil` if the token has another form.
  init?(_ sessionid: SessionID, _ token: Bytes) {
    guard Self.isToken(token) else { return nil }
    (self.sessionid, self.token) = (sessionid, token)
  }

  /// The credential of `Authorization: Bearer SESSIONID.TOKEN` (RFC 6750 section 2.1). The scheme is
  /// case-insensitive (RFC 9110 section 11.1).
  ///
  /// - Returns: `nil` if the header is absent or another program's.
  init?(bearerOf variables: MetaVariables) {
    guard let text = Self.bearer(of: variables) else { return nil }
    self.init(text)
  }

  /// The token of `Authorization: Bearer TOKEN`; `nil` if the header is absent or of another scheme.
  static func bearer(of variables: MetaVariables) -> Bytes? {
    guard let header = variables.authorization else { return nil }
    let scheme = header.prefix { $0 != UInt8(ascii: " ") }
    guard scheme.isEqual(toLowerCase: "bearer") else { return nil }
    return header[scheme.endIndex...].drop { $0 == UInt8(ascii: " ") }
  }

  static func isToken(_ text: Bytes) -> Bool {
    text.count == 64 && text.allSatisfy { Hexadecimal.value(ofLowerCase: $0) != nil }
  }
}

extension Session {
  /// What proves the session, as a cookie or `Authorization: Bearer` carries it: `SESSIONID.TOKEN`, 86 ASCII
  /// characters. `nil` unless `CreateSession` has just returned the session.
  public var bearer: String? { token.map { "\(sessionid).\($0)" } }
}

extension Dashboard {
  /// The live session that a client proves. A web server asks for it at each request, with the value of its
  /// cookie or of `Authorization: Bearer`.
  ///
  /// Counts as a use of the session for SESSION_IDLE_TIMEOUT.
  ///
  /// - Parameters:
  ///   - text: `SESSIONID.TOKEN`, as `Session.bearer` gives it. Text of any other form is allowed.
  ///   - app: the app of the session; `nil` for the app of the setting APPID.
  /// - Returns: `nil` if the text has another form, the token is wrong, or the app has no such live session. The
  ///   session has no `token`.
  /// - Throws: `StoreUnavailable` or `StoreLost` if the data can't be used. `ConfigurationError` or
  ///   `StoreOpeningError` if the app's settings are invalid.
  public func session(bearer text: String, app: AppName? = nil) throws -> Session? {
    let app = try self.app(app)
    let now = services.clock.now()
    guard let credential = Credential(Array(text.utf8)[...]),
      let signedIn = try signedIn(credential, app: app, now: now)
    else { return nil }
    if activity.note(signedIn, in: app, at: now) { try? storeActivity() }
    return signedIn.session.seen(by: Caller(signedIn, .unknown), in: app)
  }

  /// The live session that the request proves, with its account; `nil` if its credentials are missing or
  /// wrong.
  ///
  /// A Bearer token wins over cookies. The first cookie that proves a session counts.
  func signedIn(_ variables: MetaVariables, app: App, now: Timestamp) throws -> SignedIn? {
    if let bearer = Credential(bearerOf: variables) { return try signedIn(bearer, app: app, now: now) }
    var found: SignedIn?
    try SessionCookies(app, variables).visitCredentials { credential in
      found = try signedIn(credential, app: app, now: now)
      return found != nil
    }
    return found
  }

  /// The live sessions that the request's cookies prove, also cookies that no longer sign in.
  func clientSessions(_ variables: MetaVariables, app: App, now: Timestamp) throws -> [SignedIn] {
    var proven: [SignedIn] = []
    try SessionCookies(app, variables).visitClearable { credential in
      if let signedIn = try signedIn(credential, app: app, now: now) { proven.append(signedIn) }
    }
    return proven
  }

  private func signedIn(_ credential: Credential, app: App, now: Timestamp) throws -> SignedIn? {
    guard let signedIn = try signedIn(credential.sessionid, app: app, now: now) else { return nil }
    func isProven(_ secrets: Secrets) -> Bool {
      let text = secrets.tokenText(
        accountid: signedIn.account.accountid, token: credential.token,
        sessionSalt: signedIn.account.sessionSalt)
      let hash = signedIn.session.tokenHash
      return verifiedTokens?.verify(text, hash) ?? Hash.areEqual(Hash.sha512(text), hash)
    }
    return isProven(app.secrets) || app.secrets.previous.contains(where: isProven) ? signedIn : nil
  }

  /// A live session and its account, as of one moment; `nil` if the session does not exist or has ended.
  func signedIn(_ id: SessionID, app: App, now: Timestamp) throws -> SignedIn? {
    guard let signedIn = try services.store.session(id, of: app.name), signedIn.isAlive(at: now) else {
      return nil
    }
    return signedIn
  }
}
