/// The password could not be hashed: the cost is out of range, or there is not enough memory.
package struct HashingFailure: Error {}

/// How new passwords are hashed.
package enum PasswordScheme: Hashable, Sendable {
  /// - Parameter cost: 4…31. Each step doubles the time.
  case bcrypt(cost: Int)
  /// Uses OWASP's parameters: 19 MiB, two passes, one lane.
  case argon2id

  /// A value of the setting PASSWORD_HASH.
  package enum Name: String, CaseIterable {
    case bcrypt, argon2id
  }
}

/// The hash of a password as text.
///
/// bcrypt: `$2b$COST$…`; `$2a$` and `$2y$` are read too (crypt(5)). Argon2id: `$argon2id$…` (PHC string
/// format). Both are verified, whichever scheme new hashes use.
package struct PasswordHash: Hashable, Sendable {
  /// The text in ASCII. Stored as bytes, because most code that reads an account never needs the String.
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  package init(text: String) { bytes = Array(text.utf8) }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Hashes a password with a new salt and the current secrets.
  package init(
    _ password: some Sequence<UInt8>, _ scheme: PasswordScheme, secrets: Secrets, random: some RandomSource
  ) throws(HashingFailure) {
    let prehash = secrets.prehash(password)
    let text: String?
    switch scheme {
    case .bcrypt(let cost):
      let setting = Crypt.bcryptSetting(cost: cost, salt: random.bytes(16))
      text = setting.flatMap { Crypt.hash(prehash, setting: $0) }
    case .argon2id:
      text = Argon2id.hash(prehash)
    }
    guard let text else { throw HashingFailure() }
    self.init(text: text)
  }

  private var isArgon2id: Bool { text.hasPrefix("$argon2id$") }

  /// The current or previous secrets with which this hash was made from the password; `nil` if the password is
  /// wrong. All wrong passwords take the same time.
  package func match(_ password: some Collection<UInt8>, secrets: Secrets) -> Secrets? {
    secrets.all.first { matches(password, exactly: $0) }
  }

  /// True if this hash was made from the password with the current or the previous secrets.
  package func matches(_ password: some Collection<UInt8>, secrets: Secrets) -> Bool {
    match(password, secrets: secrets) != nil
  }

  private func matches(_ password: some Sequence<UInt8>, exactly secrets: Secrets) -> Bool {
    let prehash = secrets.prehash(password)
    if isArgon2id { return Argon2id.matches(text, prehash) }
    guard let computed = Crypt.hash(prehash, setting: text) else { return false }
    return Hash.areEqual(Array(computed.utf8), bytes)
  }

  /// True if this hash was made with the scheme and its parameters.
  package func isMade(by scheme: PasswordScheme) -> Bool {
    switch scheme {
    case .bcrypt(let cost):
      let parts = bytes.split(separator: UInt8(ascii: "$"))
      return parts.count == 3 && Int(String(decoding: parts[1], as: UTF8.self)) == cost
    case .argon2id:
      return text.hasPrefix(Argon2id.prefix)
    }
  }

  /// A hash that matches no password. Checking it costs as much as checking a real one.
  package static func unmatchable(_ scheme: PasswordScheme) -> PasswordHash {
    switch scheme {
    case .bcrypt(let cost):
      PasswordHash(text: "$2b$\(cost < 10 ? "0" : "")\(cost)$" + String(repeating: "a", count: 53))
    case .argon2id:
      PasswordHash(
        text: Argon2id.prefix + String(repeating: "A", count: 22) + "$" + String(repeating: "A", count: 43))
    }
  }
}
