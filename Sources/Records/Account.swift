package import DashboardCrypto
import DashboardWireFormat

/// Somebody who can sign in to an app.
public struct Account: Hashable, Sendable, CustomStringConvertible {
  public package(set) var accountid: AccountID
  public let appid: AppName
  public package(set) var profileid: ProfileID?
  public package(set) var sessionKeyNumber: UInt32
  public package(set) var sessionKeyLastResetAt: Timestamp?
  /// Set from the request for deletion on; when it has passed, the account is gone.
  public package(set) var deletedAt: Timestamp?
  public package(set) var lastSignedInAt: Timestamp?
  public package(set) var resetCodeLastCreatedAt: Timestamp?
  public package(set) var resetCodeLastUsedAt: Timestamp?
  public package(set) var ownerSince: Timestamp?
  public package(set) var administratorSince: Timestamp?
  public package(set) var usernameLastChangedAt: Timestamp?
  public package(set) var passwordLastChangedAt: Timestamp?
  public let createdAt: Timestamp
  public package(set) var updatedAt: Timestamp

  /// Its identifier: what else an account holds does not belong into logs.
  public var description: String { accountid.description }

  public var isOwner: Bool { ownerSince != nil }
  public var isAdministrator: Bool { administratorSince != nil }

  /// Whether the time for its deletion has come. The sweep removes it then.
  package func isDue(at now: Timestamp) -> Bool { deletedAt.map { $0 <= now } ?? false }

  // Never returned by any route:

  /// The place of its creation among everything in the store.
  package var sequence: UInt64
  /// SHA-512 of `username:KEY`, 64 bytes.
  package var usernameHash: [UInt8]
  package var passwordHash: PasswordHash
  /// Mixed into the hash of every token; a new one ends every session. 64 hexadecimal digits.
  package var sessionKey: [UInt8]

  /// Reset codes for it, and those that it made for others, before this place in the order of creation can't be used: those that others made before the account
  /// became the owner's, or before its session key was last reset.
  package var oldestCode: UInt64
  /// Raised whenever all its sessions but one end at once; those of an earlier epoch have ended.
  package var sessionEpoch: UInt32

  package init(
    accountid: AccountID = .unassigned, appid: AppName, sequence: UInt64 = 0, usernameHash: [UInt8],
    passwordHash: PasswordHash,
    sessionKey: [UInt8], createdAt: Timestamp
  ) {
    self.accountid = accountid
    self.appid = appid
    self.sequence = sequence
    self.usernameHash = usernameHash
    self.passwordHash = passwordHash
    self.sessionKey = sessionKey
    self.createdAt = createdAt
    updatedAt = createdAt
    sessionKeyNumber = 1
    sessionEpoch = 1
    oldestCode = 0
  }

  /// A session key that no account has had.
  package static func newSessionKey(_ random: some RandomSource) -> [UInt8] {
    Array(Hexadecimal.text(random.bytes(32)).utf8)
  }
}
