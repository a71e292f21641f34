import Accounts
import Routing
import WireFormat

/// The two fields that prove who somebody is, as most routes take them.
enum PostedCredentials {
  static let missingUsername = Exception(
    "invalid-username", 400, "missing posted username", field: "username")
  static let missingPassword = Exception(
    "invalid-password", 400, "missing posted password", field: "password")
  static let unknownUsername = Exception(
    "invalid-username", 401, "unknown posted username", field: "username")
  static let wrongPassword = Exception("invalid-password", 401, "wrong posted password", field: "password")

  /// The account of that username, if the password is its own.
  ///
  /// - Throws: `unknownUsername`, after as long a time as it takes to find a password wrong; `wrongPassword`.
  static func verify(username: Bytes, password: Bytes, _ call: Call) throws -> Account {
    let keys = call.dashboard.keys
    let usernameHash = keys.hash(username)
    guard let account = try call.read({ try $0.account(usernameHash: usernameHash) }) else {
      PasswordHash.checkNothing(cost: call.configuration.bcryptCost)
      throw unknownUsername
    }
    guard account.passwordHash.matches(password, keys: keys) else { throw wrongPassword }
    return account
  }
}

extension Bytes {
  /// Unicode scalars, of bytes that are UTF-8.
  var scalarCount: Int { count { $0 & 0xC0 != 0x80 } }

  /// - Throws: `exception`, with the allowed lengths, unless that many Unicode scalars are allowed.
  func checkLength(_ allowed: ClosedRange<Int>, _ exception: Exception) throws(Exception) {
    guard allowed.contains(scalarCount) else {
      throw exception.explained(
        "\(exception.field ?? "it") must have \(allowed.lowerBound) to \(allowed.upperBound) characters")
    }
  }
}
