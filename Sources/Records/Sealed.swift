package import DashboardCrypto

/// What is sealed for an account. A value opens only as the same kind, for the same account of the same app.
package enum Sealed {
  case username
  /// The fields of a page's form that waits for the password.
  ///
  /// - Parameter token: the form's token, which belongs to a session and a path.
  case form(token: String)

  /// The associated data. No part has a slash but the last one, so it is another for each of them.
  fileprivate func context(_ app: AppName, _ account: AccountID) -> [UInt8] {
    let kind =
      switch self {
      case .username: "username"
      case .form(let token): "form/\(token)"
      }
    return Array("\(app)/\(account)/\(kind)".utf8)
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
