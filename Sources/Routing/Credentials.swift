import DashboardAccounts
import DashboardCrypto
import DashboardRecords
import DashboardStore
import DashboardWireFormat

/// The credentials of a session; empty if the request has none. They come from headers, never from a URL or a
/// form.
struct Credentials {
  let sessionid: Bytes
  let token: Bytes

  /// Reads `Authorization: Bearer SESSIONID.TOKEN` (RFC 6750 section 2.1). Without it, reads the two cookies.
  init(_ variables: MetaVariables, _ names: SessionCookies) {
    if let header = variables.nonEmpty(.authorization), let credentials = Self.bearer(header) {
      sessionid = credentials.prefix { $0 != UInt8(ascii: ".") }
      token = credentials[sessionid.endIndex...].dropFirst()
    } else {
      let cookies = variables.cookies
      sessionid = cookies[names.sessionid] ?? []
      token = cookies[names.token] ?? []
    }
  }

  /// The credentials after the scheme `Bearer`, which is case-insensitive (RFC 9110 section 11.1); `nil` if
  /// the scheme is another one.
  static func bearer(_ header: Bytes) -> Bytes? {
    let scheme = header.prefix { $0 != UInt8(ascii: " ") }
    guard scheme.isEqual(toLowerCase: "bearer") else { return nil }
    return header[scheme.endIndex...].drop { $0 == UInt8(ascii: " ") }
  }
}

extension Dashboard {
  /// The live session that the request's credentials prove, with its account; `nil` if they are missing or
  /// wrong.
  func signedIn(_ variables: MetaVariables, app: App, now: Timestamp) throws -> SignedIn? {
    let credentials = Credentials(variables, SessionCookies(app, variables))
    guard !credentials.token.isEmpty, let id = SessionID(credentials.sessionid),
      let signedIn = try signedIn(id, app: app, now: now)
    else { return nil }
    func isProven(_ secrets: Secrets) -> Bool {
      let text = secrets.tokenText(
        accountid: signedIn.account.accountid, token: credentials.token,
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
