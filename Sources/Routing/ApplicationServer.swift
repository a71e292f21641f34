import DashboardAccounts
import DashboardCrypto
import DashboardRecords
import DashboardStore
import DashboardWireFormat

/// An application server: it calls on behalf of its users and proves itself with a shared token.
enum ApplicationServer {
  /// The user on whose behalf the application server calls.
  enum Claim {
    /// The request is not from an application server.
    case none
    /// The user is not signed in.
    case guest
    case user(AccountID, SessionID)
  }

  /// True if the request has one of the four headers of an application server.
  static func isClaimed(_ variables: MetaVariables) -> Bool {
    variables.nonEmpty(.applicationServer) != nil || variables.nonEmpty(.applicationServerToken) != nil
      || variables.nonEmpty(.accountID) != nil || variables.nonEmpty(.sessionID) != nil
  }

  /// The verified claim of a request.
  ///
  /// - Throws: `invalid-application-server` if the request has one of the four headers, but name or token are
  ///   wrong.
  static func claim(_ variables: MetaVariables, _ app: App) throws(Exception) -> Claim {
    guard isClaimed(variables) else { return .none }
    let configuration = app.configuration
    guard let server = variables.nonEmpty(.applicationServer),
      let token = variables.nonEmpty(.applicationServerToken),
      let ownToken = configuration.applicationServerToken,
      server.isEqual(to: configuration.applicationServer ?? ""),
      // Compares hashes, so that the time reveals neither the length nor the first bytes.
      Hash.areEqual(Hash.sha512(Array(token)), Hash.sha512(Array(ownToken.utf8)))
    else { throw .invalidApplicationServer }
    let account = variables.nonEmpty(.accountID)
    let session = variables.nonEmpty(.sessionID)
    if account == nil, session == nil { return .guest }
    guard let account = account.flatMap(AccountID.init), let session = session.flatMap(SessionID.init)
    else { throw .invalidApplicationServer }
    return .user(account, session)
  }
}

extension Dashboard {
  /// The caller: the user whom the application server names, or the user whose session the credentials prove.
  ///
  /// - Parameter isChange: true if the call may end sessions, so that all of the client's must be known.
  /// - Throws: `invalid-application-server` if the named session is not a live one of the named account.
  func caller(
    _ claim: ApplicationServer.Claim, _ variables: MetaVariables, app: App, now: Timestamp, isChange: Bool
  ) throws -> Caller {
    // Only a new session keeps the user agent.
    let userAgent = isChange ? variables[.userAgent] : nil
    let client = Client(address: variables[.remoteAddress] ?? [], userAgent: userAgent)
    let sessions = isChange ? try clientSessions(variables, app: app, now: now) : []
    let browser = isChange ? BrowserState(app, variables) : BrowserState()
    switch claim {
    case .none:
      return Caller(
        try signedIn(variables, app: app, now: now), client, sessions, browser: browser)
    case .guest: return Caller(nil, client, sessions, browser: browser)
    case .user(let account, let session):
      guard let signedIn = try signedIn(session, app: app, now: now), signedIn.account.accountid == account
      else { throw Exception.invalidApplicationServer }
      return Caller(signedIn, client, sessions)
    }
  }
}
