import DashboardCrypto
import DashboardRecords
import DashboardRouting
import DashboardStore
import DashboardWireFormat

/// The two fields that prove who somebody is, as most routes take them.
enum PostedCredentials {
  static let username = Declaration.Parameter.required(.posted, "username", "a username")
  static let password = Declaration.Parameter.required(.posted, "password", "its password")
  static let ownPassword = Declaration.Parameter.required(.posted, "password", "the account's password")

  static let missingUsername = Exception(
    "invalid-username", 400, "missing posted username", field: "username")
  static let missingPassword = Exception(
    "invalid-password", 400, "missing posted password", field: "password")
  static let shortUsername = Exception(
    "invalid-username-length", 400, "posted username is too short", field: "username")
  static let shortPassword = Exception(
    "invalid-password-length", 400, "posted password is too short", field: "password")
  static let unknownUsername = Exception(
    "invalid-username", 401, "unknown posted username", field: "username")
  static let wrongPassword = Exception("invalid-password", 401, "wrong posted password", field: "password")

  /// The two fields.
  ///
  /// - Throws: `missingUsername`, `missingPassword`.
  static func fields(_ call: Call) throws -> (username: Bytes, password: Bytes) {
    guard let username = call.posted["username"] else { throw missingUsername }
    guard let password = call.posted["password"] else { throw missingPassword }
    return (username, password)
  }

  /// - Throws: `shortUsername`, for what nobody's username can be.
  static func checkLength(username: Bytes, _ call: Call) throws {
    try username.checkLength(call.configuration.usernameLength.lowerBound...Int.max, shortUsername)
  }

  /// - Throws: `shortPassword`, for what nobody's password can be.
  static func checkLength(password: Bytes, _ call: Call) throws {
    try password.checkLength(call.configuration.passwordLength.lowerBound...Int.max, shortPassword)
  }

  /// Proves the account of that username by the password.
  ///
  /// - Parameters:
  ///   - failure: what the event log calls it if they are wrong.
  ///   - isEligible: whether the account may be meant; one that may not counts as unknown.
  /// - Throws: `Guesses.tooMany`; `unknownUsername`, after as long a time as it takes to find a password wrong;
  ///   `wrongPassword`.
  static func verify(
    _ fields: (username: Bytes, password: Bytes), _ call: inout Call, failure: Event.Name = .proofFailed,
    isEligible: (Account) throws -> Bool = { _ in true }
  ) throws -> Proof {
    let hashes = call.keys.hashes(fields.username)
    let guess = try call.count(guessOf: hashes)
    let account = try call.read { try $0.account(usernameHashes: hashes) }
    let isMeant = try account.map(isEligible) ?? false
    return try prove(
      isMeant ? account : nil, fields.password, guess, hashes, &call, failure: failure,
      unknown: call.concealed(unknownUsername), wrong: call.concealed(wrongPassword))
  }

  /// Proves the asker's account by the posted password.
  ///
  /// - Throws: `missingPassword`, `Guesses.tooMany`, `wrongPassword`.
  static func verifyPassword(of account: Account, _ call: inout Call) throws -> Proof {
    guard let password = call.posted["password"] else { throw missingPassword }
    let guess = try call.count(guessOf: [account.usernameHash])
    return try prove(
      account, password, guess, [], &call, failure: .proofFailed, unknown: wrongPassword, wrong: wrongPassword
    )
  }

  /// - Parameter account: `nil`: there is none of that username.
  private static func prove(
    _ account: Account?, _ password: Bytes, _ guess: Change.Guess?, _ hashes: [[UInt8]], _ call: inout Call,
    failure: Event.Name, unknown: Exception, wrong: Exception
  ) throws -> Proof {
    // One way for both, so that time does not tell them apart: even another place on the stack does, by a few percent.
    let hash = account?.passwordHash ?? .nobodys(call.configuration.passwordScheme)
    let keys = call.hashing { hash.match(password, keys: $0.keys) }
    guard let account, let keys else {
      call.note(failure, account?.accountid)
      throw account == nil ? unknown : wrong
    }
    call.provenAccount = account.accountid
    let isCurrent =
      keys.fingerprint == call.keys.fingerprint
      && account.passwordHash.isMade(by: call.configuration.passwordScheme)
    return Proof(
      account: account, guess: guess, refusal: wrong, usernameHashes: hashes, isHashCurrent: isCurrent)
  }
}

extension Call {
  /// A new hash of a password.
  mutating func passwordHash(_ password: Bytes) throws -> PasswordHash {
    try hashing { call in
      try PasswordHash(password, call.configuration.passwordScheme, keys: call.keys, random: call.random)
    }
  }
}

extension Bytes {
  /// Unicode scalars, of bytes that are UTF-8.
  var scalarCount: Int { count { $0 & 0xC0 != 0x80 } }

  /// - Throws: `exception`, with the allowed lengths, unless that many Unicode scalars are allowed.
  func checkLength(_ allowed: ClosedRange<Int>, _ exception: Exception) throws(Exception) {
    guard !allowed.contains(scalarCount) else { return }
    let numbers =
      allowed.upperBound == .max
      ? "at least \(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
    throw exception.explained("\(exception.field ?? "it") must have \(numbers) characters")
  }
}
