import DashboardAccounts
import DashboardRecords
import DashboardWireFormat

/// The cookie of a sign-in that waits for a second factor: `ACCOUNTID.TOKEN`, for five minutes.
///
/// It never has a `Domain`, so over HTTPS it has the prefix `__Host-`.
struct PendingCookie {
  private let name: String
  private let variables: MetaVariables

  init(_ app: App, _ variables: MetaVariables) {
    name = "\(variables.isSecure ? "__Host-" : "")\(app.name)_pending"
    self.variables = variables
  }

  /// The credential of the first cookie that has the form; `nil` if none has.
  var credential: PendingCredential? {
    for cookie in variables.cookies where cookie.name.isEqual(to: name) {
      let id = cookie.value.prefix(AccountID.length)
      let rest = cookie.value.dropFirst(AccountID.length)
      guard rest.first == UInt8(ascii: "."), let account = AccountID(id), Credential.isToken(rest.dropFirst())
      else { continue }
      return PendingCredential(account, rest.dropFirst())
    }
    return nil
  }

  /// The value of the response's `Set-Cookie` header; `nil` if it needs none.
  func header(_ effect: Effects.PendingEffect) -> String? {
    switch effect {
    case .none: nil
    case .began(let value): header(value, PendingSignIn.lifetime)
    case .ended: header("", 0)
    }
  }

  private func header(_ value: String, _ seconds: Int64) -> String {
    let secure = variables.isSecure ? "; Secure" : ""
    return "\(name)=\(value); Max-Age=\(seconds); Path=/; HttpOnly; SameSite=Strict\(secure)"
  }
}

/// The cookie to which challenges for passkeys are bound, for five minutes: 64 random hexadecimal digits.
struct ChallengeCookie {
  private let name: String
  private let variables: MetaVariables

  init(_ app: App, _ variables: MetaVariables) {
    name = "\(variables.isSecure ? "__Host-" : "")\(app.name)_challenge"
    self.variables = variables
  }

  /// The token of the first cookie that has the form; `nil` if none has.
  var token: String? {
    for cookie in variables.cookies where cookie.name.isEqual(to: name) && Credential.isToken(cookie.value) {
      return String(decoding: cookie.value, as: UTF8.self)
    }
    return nil
  }

  /// The value of the response's `Set-Cookie` header.
  func header(_ token: String) -> String {
    let secure = variables.isSecure ? "; Secure" : ""
    return "\(name)=\(token); Max-Age=300; Path=/; HttpOnly; SameSite=Strict\(secure)"
  }
}

extension BrowserState {
  init(_ app: App, _ variables: MetaVariables) {
    self.init()
    pendingSignIn = PendingCookie(app, variables).credential
    challengeToken = ChallengeCookie(app, variables).token
    site = SiteAddress(variables).url
  }
}
