package import DashboardCrypto
import DashboardWireFormat

/// What is sealed for an account. A value opens only as the same kind, for the same account of the same app.
package enum Sealed {
  case username
  /// The secret of an authenticator app.
  case authenticator
  /// A challenge for a passkey.
  ///
  /// - Parameter cookie: the token of the browser's cookie.
  case challenge(purpose: String, cookie: String)
  /// The fields of a page's form that waits for the password.
  ///
  /// - Parameter token: the form's token, which belongs to a session and a path.
  case form(token: String)

  /// The associated data. No part has a slash but the last one, so it is another for each of them.
  fileprivate func context(_ app: AppName, _ account: AccountID) -> [UInt8] {
    // Without interpolation, since each request that a web server asks about opens a value.
    let slash = UInt8(ascii: "/")
    var context = Array(app.description.utf8)
    context.append(slash)
    context += [UInt8](capacity: AccountID.length) { account.append(to: &$0) }
    context.append(slash)
    switch self {
    case .username: context += "username".utf8
    case .authenticator: context += "authenticator".utf8
    case .challenge(let purpose, let cookie):
      context += "challenge/".utf8
      context += purpose.utf8
      context.append(slash)
      context += cookie.utf8
    case .form(let token):
      context += "form/".utf8
      context += token.utf8
    }
    return context
  }
}

extension Secrets {
  package func seal(
    _ bytes: [UInt8], _ kind: Sealed, app: AppName, account: AccountID, random: some RandomSource
  ) -> [UInt8] {
    seal(bytes, context: kind.context(app, account), random: random)
  }

  /// The sealed bytes; `nil` if they were sealed otherwise, or changed.
  package func open(_ sealed: [UInt8], _ kind: Sealed, app: AppName, account: AccountID) -> [UInt8]? {
    open(sealed, context: kind.context(app, account))
  }
}
