package import DashboardCrypto
import DashboardWireFormat

/// An account of an app, which signs in with a username and a password.
public struct Account: Hashable, Sendable, CustomStringConvertible {
  public package(set) var accountid: AccountID
  public let appid: AppName
  public package(set) var profileid: ProfileID?
  public package(set) var sessionKeyNumber: UInt32
  public package(set) var sessionKeyLastResetAt: Timestamp?
  /// When its deletion is due; `nil` if it is not scheduled.
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

  /// The identifier: no other field of an account belongs in logs.
  public var description: String { accountid.description }

  public var isOwner: Bool { ownerSince != nil }
  public var isAdministrator: Bool { administratorSince != nil }

  /// True if its deletion is due: the sweep removes it.
  package func isDue(at now: Timestamp) -> Bool { deletedAt.map { $0 <= now } ?? false }

  // Never returned by any route:

  /// Its place in the order of creation over the whole store.
  package var sequence: UInt64
  /// SHA-512 of `username:KEY`, 64 bytes.
  package var usernameHash: [UInt8]
  package var passwordHash: PasswordHash
  /// Mixed into the hash of every token: 64 hexadecimal digits. A new salt ends all sessions of the account.
  package var sessionSalt: [UInt8]

  /// A place in the order of creation. Earlier reset codes can't be used: codes for the account and codes
  /// made by it.
  ///
  /// It moves when the session key is reset, when the account becomes the owner's, and when it loses the
  /// administrator role.
  package var oldestCode: UInt64
  /// Who scheduled its deletion; `nil` if it is not scheduled, or if a version before schema 6 scheduled it.
  package var deletionScheduler: DeletionScheduler?
  /// Increased to end all sessions, or all but one, at once. Sessions of an earlier epoch have ended.
  package var sessionEpoch: UInt32
  /// `nil` for most accounts. `changeMembership` keeps it so.
  package var membership: Membership? {
    get {
      guard case .membership(let held) = held else { return nil }
      return held
    }
    set { held = newValue.map(Held.membership) }
  }
  private var held: Held?

  /// In memory of its own: a session check copies accounts, and pays for each field in them.
  private indirect enum Held: Hashable { case membership(Membership) }

  package init(
    accountid: AccountID = .unassigned, appid: AppName, sequence: UInt64 = 0, usernameHash: [UInt8],
    passwordHash: PasswordHash, sessionSalt: [UInt8], createdAt: Timestamp
  ) {
    self.accountid = accountid
    self.appid = appid
    self.sequence = sequence
    self.usernameHash = usernameHash
    self.passwordHash = passwordHash
    self.sessionSalt = sessionSalt
    self.createdAt = createdAt
    updatedAt = createdAt
    sessionKeyNumber = 1
    sessionEpoch = 1
    oldestCode = 0
  }

  /// A new session salt, 64 hexadecimal digits.
  package static func newSessionSalt(_ random: some RandomSource) -> [UInt8] {
    Array(Hexadecimal.text(random.bytes(32)).utf8)
  }
}

/// Who scheduled the deletion of an account.
package enum DeletionScheduler: Hashable, Sendable {
  /// The account's holder.
  case holder
  case administrator(AccountID)
  case `operator`
}
