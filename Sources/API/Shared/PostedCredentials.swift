import Accounts
import Routing
import Store
import WireFormat

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
    guard let account = try call.read({ try $0.account(usernameHashes: hashes) }), try isEligible(account)
    else {
      call.hashing {
        PasswordHash.checkNobodys(fields.password, $0.configuration.passwordScheme, keys: $0.keys)
      }
      call.note(failure, nil)
      throw call.concealed(unknownUsername)
    }
    return try prove(
      account, fields.password, guess, call.concealed(wrongPassword), hashes, &call, failure: failure)
  }

  /// Proves the asker's account by the posted password.
  ///
  /// - Throws: `missingPassword`, `Guesses.tooMany`, `wrongPassword`.
  static func verifyPassword(of account: Account, _ call: inout Call) throws -> Proof {
    guard let password = call.posted["password"] else { throw missingPassword }
    let guess = try call.count(guessOf: [account.usernameHash])
    return try prove(account, password, guess, wrongPassword, [], &call, failure: .proofFailed)
  }

  private static func prove(
    _ account: Account, _ password: Bytes, _ guess: Change.Guess?, _ refusal: Exception, _ hashes: [[UInt8]],
    _ call: inout Call,
    failure: Event.Name
  ) throws -> Proof {
    guard let keys = call.hashing({ account.passwordHash.match(password, keys: $0.keys) }) else {
      call.note(failure, account.accountid)
      throw refusal
    }
    call.provenAccount = account.accountid
    let isCurrent =
      keys.fingerprint == call.keys.fingerprint
      && account.passwordHash.isMade(by: call.configuration.passwordScheme)
    return Proof(
      account: account, guess: guess, refusal: refusal, usernameHashes: hashes, isHashCurrent: isCurrent)
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
