package import DashboardRecords

/// The key of an attempt counter.
package struct AttemptKey: Sendable {
  package enum Subject: Sendable {
    /// Attempts on one username from one address.
    case usernameAtAddress
    /// Attempts from one address on all usernames.
    case address
    /// Attempts on one username from all addresses.
    case username
    /// Accounts, usernames or reset codes that one address or account creates.
    case creation
    /// Second factors of one account, within ATTEMPT_WINDOW.
    case factor
    /// The same within a day.
    case factorOfDay
    /// Uses of what counts once: a challenge of a passkey, the recovery codes of a form.
    case challenge
  }

  package let subject: Subject
  /// 16 bytes: a hash of the username, the address, both, or the account.
  package let mark: [UInt8]

  package init(_ subject: Subject, _ mark: [UInt8]) {
    self.subject = subject
    self.mark = mark
  }
}

/// The limit of attempts is reached. A value and not an error, because the transaction that refuses must be
/// committed.
package struct TooManyAttempts: Sendable {
  /// When the counter ends.
  package let until: Timestamp
  /// True for the first attempt that the counter refuses. Only this one is logged.
  package let isFirst: Bool
}
