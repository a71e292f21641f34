import DashboardAccounts
import DashboardRecords
import DashboardWireFormat

/// A cookie of the sign-in itself, which a page or a client needs for five minutes. It is sent to this site's own requests alone.
///
/// It never has a `Domain`, so over HTTPS it has the prefix `__Host-`.
struct SignInCookie {
  /// What is bound to the browser.
  enum Kind: String {
    /// A sign-in that waits for a second factor: `ACCOUNTID.TOKEN`.
    case pending
    /// Challenges for passkeys: 64 random hexadecimal digits.
    case challenge
  }

  private let name: String
  private let variables: MetaVariables

  init(_ kind: Kind, _ app: App, _ variables: MetaVariables) {
    name = "\(variables.isSecure ? "__Host-" : "")\(app.name)_\(kind.rawValue)"
    self.variables = variables
  }

  /// The values that the client has sent.
  fileprivate var values: some Sequence<Bytes> {
    variables.cookies.lazy.filter { $0.name.isEqual(to: name) }.map(\.value)
  }

  /// The value of a `Set-Cookie` header.
  ///
  /// - Parameter value: `nil` to clear the cookie.
  func header(_ value: String?) -> String {
    let secure = variables.isSecure ? "; Secure" : ""
    return
      "\(name)=\(value ?? ""); Max-Age=\(value == nil ? 0 : PendingSignIn.lifetime); Path=/; HttpOnly; SameSite=Strict\(secure)"
  }
}

extension BrowserState {
  init(_ app: App, _ variables: MetaVariables) {
    self.init()
    pendingSignIn =
      SignInCookie(.pending, app, variables).values.lazy.compactMap(PendingCredential.init).first
    let token = SignInCookie(.challenge, app, variables).values.first(where: Credential.isToken)
    challengeToken = token.map { String(decoding: $0, as: UTF8.self) }
    site = SiteAddress(variables).url
  }
}

extension PendingCredential {
  /// `nil` if the value of a cookie has another form.
  fileprivate init?(_ value: Bytes) {
    let rest = value.dropFirst(AccountID.length)
    guard rest.first == UInt8(ascii: "."), let account = AccountID(value.prefix(AccountID.length)),
      Credential.isToken(rest.dropFirst())
    else { return nil }
    self.init(account, rest.dropFirst())
  }
}

extension Draft {
  /// Sets or clears the cookie of a sign-in that waits for a second factor.
  mutating func addPending(
    _ effect: Effects.PendingEffect, _ app: App, _ variables: MetaVariables
  ) {
    let value: String?
    switch effect {
    case .none: return
    case .began(let new): value = new
    case .ended: value = nil
    }
    add("Set-Cookie", SignInCookie(.pending, app, variables).header(value))
  }
}
