/// The password could not be hashed: the cost is out of range, or there is no memory for it.
package struct HashingFailure: Error {}

/// How new passwords are hashed.
package enum PasswordScheme: Hashable, Sendable {
  /// - Parameter cost: 4…31; each step doubles the time.
  case bcrypt(cost: Int)
  /// With OWASP's parameters: 19 MiB, two passes, one lane.
  case argon2id

  /// As PASSWORD_HASH names them.
  package enum Name: String, CaseIterable {
    case bcrypt, argon2id
  }
}

/// The hash of a password in its text form: `$2b$COST$…` of bcrypt, where `$2a$` and `$2y$` are understood too (crypt(5)),
/// or `$argon2id$…` (PHC string format). Either is verified, whichever new ones are made of.
package struct PasswordHash: Hashable, Sendable {
  /// The text, which most who read an account never ask for.
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  package init(text: String) { bytes = Array(text.utf8) }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Hashes a password with a new salt.
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

  /// The keys that it was made from that password with: these or those before them. `nil`: it was made from another
  /// password; that takes as long for every one.
  package func match(_ password: some Collection<UInt8>, secrets: Secrets) -> Secrets? {
    secrets.all.first { matches(password, exactly: $0) }
  }

  /// Whether it was made from that password.
  package func matches(_ password: some Collection<UInt8>, secrets: Secrets) -> Bool {
    match(password, secrets: secrets) != nil
  }

  private func matches(_ password: some Sequence<UInt8>, exactly secrets: Secrets) -> Bool {
    let prehash = secrets.prehash(password)
    if isArgon2id { return Argon2id.matches(text, prehash) }
    guard let computed = Crypt.hash(prehash, setting: text) else { return false }
    return Hash.areEqual(Array(computed.utf8), bytes)
  }

  /// Whether a new hash of that scheme would be of this one's cost.
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
