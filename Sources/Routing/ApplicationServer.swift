import DashboardAccounts
import DashboardCrypto
import DashboardRecords
import DashboardStore
import DashboardWireFormat

/// The server of an application, which calls on behalf of its users and proves itself by a shared token.
enum ApplicationServer {
  /// The user for whom such a request is.
  enum Claim {
    /// The request is not from an application server.
    case none
    /// The user is not signed in there.
    case guest
    case user(AccountID, SessionID)
  }

  /// True if one of the four headers is there.
  static func isClaimed(_ variables: MetaVariables) -> Bool {
    variables.nonEmpty(.applicationServer) != nil || variables.nonEmpty(.applicationServerToken) != nil
      || variables.nonEmpty(.accountID) != nil || variables.nonEmpty(.sessionID) != nil
  }

  /// The claim of a request, proven.
  ///
  /// - Throws: `invalid-application-server` if one of the four headers is there and the request is not the application
  ///   server's.
  static func claim(_ variables: MetaVariables, _ app: App) throws(Exception) -> Claim {
    guard isClaimed(variables) else { return .none }
    let configuration = app.configuration
    guard let server = variables.nonEmpty(.applicationServer),
      let token = variables.nonEmpty(.applicationServerToken),
      let ownToken = configuration.applicationServerToken,
      server.isEqual(to: configuration.applicationServer ?? ""),
      // Of the hashes, so that neither the length nor the first bytes show in the time.
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
  /// The caller: the user whom the application server names, or else the one that the credentials prove.
  ///
  /// - Throws: `invalid-application-server` if the named session is not a live one of the named account.
  func caller(_ claim: ApplicationServer.Claim, _ variables: MetaVariables, app: App, now: Timestamp) throws
    -> Caller
  {
    let client = Client(address: variables[.remoteAddress] ?? [])
    switch claim {
    case .none: return Caller(try signedIn(variables, app: app, now: now), client)
    case .guest: return Caller(.guest, client)
    case .user(let account, let session):
      guard let signedIn = try signedIn(session, app: app, now: now), signedIn.account.accountid == account
      else { throw Exception.invalidApplicationServer }
      return Caller(.signedIn(signedIn), client)
    }
  }
}
