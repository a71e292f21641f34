package import DashboardWireFormat

/// A session and its account, read at one moment. A class, so that it is shared instead of copied.
package final class SignedIn: Sendable {
  package let account: Account
  package let session: Session

  package init(account: Account, session: Session) {
    self.account = account
    self.session = session
  }

  /// True if the session is alive and its account is neither scheduled for deletion nor suspended.
  package func isAlive(at now: Timestamp) -> Bool {
    account.deletedAt == nil && account.suspendedAt == nil && !session.hasEnded(at: now, account: account)
  }
}

/// Where a call comes from. Failed attempts with passwords and codes are counted by client.
public struct Client: Sendable {
  package enum Origin: Sendable {
    case trusted
    case unknown
    case address(Bytes)
  }

  package let origin: Origin
  /// The header User-Agent; `nil` if it is not known.
  package let userAgent: Bytes?

  private init(_ origin: Origin, userAgent: Bytes? = nil) {
    self.origin = origin
    self.userAgent = userAgent
  }

  /// The calling program vouches for the call: no rate limit applies.
  public static let trusted = Client(.trusted)

  /// The calling program does not know the client: attempts are counted by username alone.
  public static let unknown = Client(.unknown)

  /// A client of the calling program.
  ///
  /// - Parameters:
  ///   - text: an IPv4 or IPv6 address, as in REMOTE_ADDR (RFC 3875 section 4.1.8). Other text is an opaque name
  ///     of the client.
  ///   - userAgent: the client's header User-Agent; empty if it is not known. A session that the client creates
  ///     keeps it, with the address, unless SESSION_DETAILS is `none`.
  public static func address(_ text: String, userAgent: String = "") -> Client {
    Client(address: Array(text.utf8)[...], userAgent: Array(userAgent.utf8)[...])
  }

  package init(address: Bytes, userAgent: Bytes? = nil) { self.init(.address(address), userAgent: userAgent) }

  package var isTrusted: Bool { if case .trusted = origin { true } else { false } }

  /// The address by which attempts are counted; `nil` if the calling program does not give one.
  package var address: ClientAddress? {
    if case .address(let text) = origin { ClientAddress(text) } else { nil }
  }

  /// The address as it was given; `nil` if the calling program does not give one.
  var addressText: Bytes? { if case .address(let text) = origin { text } else { nil } }

  /// The address as text, for the event log; `nil` if the calling program does not give one.
  package var text: String? { addressText.map { String(decoding: $0, as: UTF8.self) } }
}

/// What a browser brings beside a session, for a sign-in in steps. Nothing of it proves anything.
package struct BrowserState: Sendable {
  /// The sign-in that may wait for a second factor; `nil` if there is none.
  package var pendingSignIn: PendingCredential?
  /// The cookie to which challenges for passkeys are bound, 64 hexadecimal digits; `nil` if there is none.
  package var challengeToken: String?
  /// The beginning of every URL of the site, as the browser used it, such as `https://accounts.example`; `nil` if it is not known.
  package var site: String?

  package init() {}
}

/// Who calls, and from where. Access, attempts and events depend on it, not on how the call came in.
package struct Caller: Sendable {
  package enum Identity: Sendable {
    case guest
    case signedIn(SignedIn)
    /// A command on the machine, with its name for the event log. It has the rights of the owner.
    case `operator`(String)
  }

  package let identity: Identity
  package let client: Client
  /// The live sessions that the client holds in its cookies, of any account. Signing in and
  /// signing out end them. Known only for a change.
  package let clientSessions: [SignedIn]
  /// Known only for a change.
  package let browser: BrowserState

  package init(
    _ identity: Identity, _ client: Client, _ clientSessions: [SignedIn] = [],
    browser: BrowserState = BrowserState()
  ) {
    self.identity = identity
    self.client = client
    self.clientSessions = clientSessions
    self.browser = browser
  }

  package init(
    _ signedIn: SignedIn?, _ client: Client, _ clientSessions: [SignedIn] = [],
    browser: BrowserState = BrowserState()
  ) {
    self.init(signedIn.map { .signedIn($0) } ?? .guest, client, clientSessions, browser: browser)
  }

  /// The sign-in of the client that may wait for a second factor; `nil` if there is none.
  package var pendingSignIn: PendingCredential? { browser.pendingSignIn }

  /// An operator's command. Its attempts are not counted.
  package static func `operator`(_ name: String) -> Caller { Caller(.operator(name), .trusted) }

  /// The caller's session and account; `nil` for a guest and for an operator.
  package var signedIn: SignedIn? { if case .signedIn(let signedIn) = identity { signedIn } else { nil } }

  package var isOperator: Bool { if case .operator = identity { true } else { false } }
}
