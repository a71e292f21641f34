package import DashboardRecords

/// What attempts are counted by.
package struct AttemptKey: Sendable {
  package enum Subject: Sendable {
    /// A username from one address.
    case usernameAtAddress
    /// An address, for all usernames.
    case address
    /// A username, from all addresses.
    case username
    /// What one address or account creates.
    case creation
  }

  package let subject: Subject
  /// 16 bytes that stand for the username, the address or both.
  package let mark: [UInt8]

  package init(_ subject: Subject, _ mark: [UInt8]) {
    self.subject = subject
    self.mark = mark
  }
}

/// Too many attempts were made. A value and not an error, because the transaction that refuses the first one must be committed.
package struct TooManyAttempts: Sendable {
  package let until: Timestamp
  /// True for the first attempt that is refused, which is the one to log.
  package let isFirst: Bool
}
