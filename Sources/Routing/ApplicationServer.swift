import DashboardCrypto
import DashboardRecords
import DashboardStore
import DashboardWireFormat

/// The server of an application, which calls on behalf of its users and proves itself by a shared token.
enum ApplicationServer {
  /// What such a request says of whom it is for.
  enum Claim {
    /// It is not from an application server.
    case none
    /// Nobody is signed in there.
    case guest
    case user(AccountID, SessionID)
  }

  /// Whether one of the four headers is there.
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
  /// Who asks: the user whom the application server names, or else whoever the credentials prove.
  ///
  /// - Throws: `invalid-application-server` if the named session is none that lives.
  func asker(_ claim: ApplicationServer.Claim, _ variables: MetaVariables, app: App, now: Timestamp) throws
    -> Asker?
  {
    switch claim {
    case .none: return try asker(variables, app: app, now: now)
    case .guest: return nil
    case .user(let account, let session):
      guard let asker = try asker(session, app: app, now: now), asker.account.accountid == account
      else { throw Exception.invalidApplicationServer }
      return asker
    }
  }
}
