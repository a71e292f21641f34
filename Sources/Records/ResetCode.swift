/// A one-time secret that sets a new password, for a holder who has forgotten the old one.
public struct ResetCode: Hashable, Sendable, CustomStringConvertible {
  public package(set) var codeid: ResetCodeID
  public let appid: AppName
  public let accountid: AccountID
  public let createdAt: Timestamp
  public let updatedAt: Timestamp

  /// The identifier: no other field of a reset code belongs in logs.
  public var description: String { codeid.description }

  // Never returned by any route:

  /// Its place in the order of creation over the whole store.
  package var sequence: UInt64
  /// SHA-512 of `code:KEY`, 64 bytes.
  package let secretCodeHash: [UInt8]
  /// The account that created it: its own account or an administrator's.
  package let creator: AccountID

  package init(
    codeid: ResetCodeID = .unassigned, appid: AppName, accountid: AccountID, sequence: UInt64 = 0,
    secretCodeHash: [UInt8], creator: AccountID, createdAt: Timestamp
  ) {
    self.codeid = codeid
    self.appid = appid
    self.accountid = accountid
    self.sequence = sequence
    self.secretCodeHash = secretCodeHash
    self.creator = creator
    self.createdAt = createdAt
    updatedAt = createdAt
  }

  /// True if it is too old to be used, or was created while the clock was ahead.
  ///
  /// - Parameter lifetime: in days; 0 if codes never expire.
  package func hasExpired(at now: Timestamp, lifetime: Int) -> Bool {
    lifetime > 0
      && (now >= createdAt.adding(seconds: Int64(lifetime) * 86_400) || createdAt.isAhead(of: now))
  }
}

extension ResetCode: OwnedRecord {
  package var id: ResetCodeID {
    get { codeid }
    set { codeid = newValue }
  }
}
