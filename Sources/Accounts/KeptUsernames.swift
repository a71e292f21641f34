package import DashboardRecords
import DashboardWireFormat

/// Usernames that can be read, if KEEP_USERNAMES is set. Accounts keep them sealed, beside the hashes by which they are found.
extension App {
  /// Bytes of the longest username that is kept, so that it fits into a header.
  private static let longestKeptUsername = 1024

  /// The username of an account, in UTF-8; `nil` if the app keeps none, or if it can't be opened with the app's keys.
  package func usernameBytes(of account: Account) -> [UInt8]? {
    guard keepsUsernames, let sealed = account.membership?.sealedUsername else { return nil }
    return secrets.open(sealed, .username, app: name, account: account.accountid)
  }

  /// The username of an account; `nil` if the app keeps none, or if it can't be opened with the app's keys.
  package func username(of account: Account) -> String? {
    usernameBytes(of: account).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The account with its username, for its holder and for administrators.
  package func shown(_ account: Account) -> Account {
    guard let username = username(of: account) else { return account }
    var account = account
    account.changeMembership { $0.username = username }
    return account
  }

  fileprivate func seal(_ username: Bytes, for account: Account, _ services: Services) -> [UInt8]? {
    guard keepsUsernames, username.count <= Self.longestKeptUsername else { return nil }
    return secrets.seal(
      Array(username), .username, app: name, account: account.accountid, random: services.random)
  }
}

extension Account {
  /// Keeps the form of the username by which the account is stored. Without KEEP_USERNAMES forgets a kept one.
  mutating func keep(username: Bytes, _ context: Context) {
    let sealed = context.app.seal(username, for: self, context.services)
    if sealed == nil, membership == nil { return }
    changeMembership { $0.sealedUsername = sealed }
  }
}
