/// A secret that sets a new password once, for somebody who has forgotten theirs.
public struct ResetCode: Hashable, Sendable, CustomStringConvertible {
  public package(set) var codeid: ResetCodeID
  public let appid: AppName
  public let accountid: AccountID
  public let createdAt: Timestamp
  public let updatedAt: Timestamp

  /// Its identifier.
  public var description: String { codeid.description }

  // Never returned by any route:

  /// The place of its creation among everything in the store.
  package var sequence: UInt64
  /// SHA-512 of `code:KEY`, 64 bytes.
  package let secretCodeHash: [UInt8]
  /// Who made it: the account itself, or an administrator.
  package let creator: AccountID

  package init(
    codeid: ResetCodeID = .unassigned, appid: AppName, accountid: AccountID, sequence: UInt64 = 0,
    secretCodeHash: [UInt8],
    creator: AccountID, createdAt: Timestamp
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

  /// Whether it is too old to be used.
  ///
  /// - Parameter lifetime: days; 0: it never is.
  package func hasExpired(at now: Timestamp, lifetime: Int) -> Bool {
    lifetime > 0 && now >= createdAt.adding(seconds: Int64(lifetime) * 86_400)
  }
}

extension ResetCode: OwnedRecord {
  package var id: ResetCodeID {
    get { codeid }
    set { codeid = newValue }
  }
}
