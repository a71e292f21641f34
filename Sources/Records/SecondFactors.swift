/// The second factors of an account, as its holder and administrators see them.
public struct SecondFactors: Hashable, Sendable {
  public let accountid: AccountID
  /// True if the account must have one (SECOND_FACTOR).
  public let isRequired: Bool
  /// When the authenticator app was set up; `nil` if there is none.
  public let totpSince: Timestamp?
  /// The number of passkeys.
  public let passkeys: Int
  /// The number of recovery codes that were not used, 0 to 10.
  public let recoveryCodesLeft: Int
  /// New recovery codes, as people type them. Only the answer that makes them has them; otherwise empty.
  public package(set) var recoveryCodes: [String] = []

  /// True if signing in needs a second factor.
  public var isEnrolled: Bool { totpSince != nil || passkeys > 0 }

  package init(of account: Account, isRequired: Bool) {
    accountid = account.accountid
    self.isRequired = isRequired
    totpSince = account.factors?.authenticator?.createdAt
    passkeys = Int(account.factors?.passkeys ?? 0)
    recoveryCodesLeft = account.factors?.recoveryCodes.count ?? 0
  }
}

/// The secret of an authenticator app that waits for its first code.
public struct AuthenticatorSecret: Hashable, Sendable {
  public let accountid: AccountID
  /// The secret in base32 (RFC 4648 section 6), 32 letters, for an app that reads no QR code.
  public let secret: String
  /// What a QR code for the app holds: `otpauth://totp/…`.
  public let uri: String
  public let createdAt: Timestamp

  package init(accountid: AccountID, secret: String, uri: String, createdAt: Timestamp) {
    (self.accountid, self.secret, self.uri, self.createdAt) = (accountid, secret, uri, createdAt)
  }
}
