internal import CCrypt
internal import CSodium
internal import Glibc

/// The keys that hashes are made with. Whoever has the data file but not these can't try passwords.
package struct Keys: Sendable, CustomStringConvertible {
  /// DASHBOARD_ENCRYPTION_KEY.
  package let encryption: String
  /// DASHBOARD_SESSION_KEY.
  package let session: String

  package init(encryption: String, session: String) {
    self.encryption = encryption
    self.session = session
  }

  package var description: String { "Keys(hidden)" }

  /// SHA-512 hex of `text:KEY`, as bytes.
  ///
  /// Compared by value elsewhere; the text form is `createHash('sha512').update(`${text}:${key}`).digest('hex')`.
  package func hash(_ text: some Sequence<UInt8>) -> [UInt8] {
    Hash.sha512(Array(text) + [UInt8(ascii: ":")] + Array(encryption.utf8))
  }

  /// The hash of a session's token: SHA-512 of `ACCOUNTID/TOKEN/SESSIONKEY/SESSION_KEY:KEY`.
  package func tokenHash(accountid: AccountID, token: some Sequence<UInt8>, sessionKey: String) -> [UInt8] {
    var text = Array("\(accountid)/".utf8)
    text.append(contentsOf: token)
    text.append(contentsOf: "/\(sessionKey)/\(session)".utf8)
    return hash(text)
  }

  /// What bcrypt is given: the SHA-256 hex of `password` + `KEY`, so that every byte of a long password counts and
  /// none can end it.
  fileprivate func prehash(_ password: some Sequence<UInt8>) -> String {
    Hexadecimal.text(Hash.sha256(Array(password) + Array(encryption.utf8)))
  }

  /// Tells these keys from others without telling them: safe to store.
  package var fingerprint: [UInt8] {
    Hash.sha256(Array("dashboard-keys:\(encryption):\(session)".utf8))
  }
}

/// libcrypt refused to hash: the cost is out of its range.
package struct HashingFailure: Error {}

/// A bcrypt hash in its text form, `$2b$COST$…`; `$2a$` and `$2y$` are understood too (crypt(5)).
package struct PasswordHash: Hashable, Sendable {
  package let text: String

  package init(text: String) { self.text = text }

  /// Hashes a password with a new salt.
  ///
  /// - Parameter cost: 4…31; each step doubles the time.
  package init(
    _ password: some Sequence<UInt8>, cost: Int, keys: Keys, random: some RandomSource
  ) throws(HashingFailure) {
    let salt = random.bytes(16)
    let setting = unsafe Crypt.run { _ -> String? in
      var output = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
      let made = unsafe salt.withUnsafeBytes { salt in
        unsafe crypt_gensalt_rn(
          "$2b$", UInt(clamping: cost), salt.bindMemory(to: CChar.self).baseAddress, Int32(salt.count),
          &output,
          Int32(output.count))
      }
      return unsafe made.map { unsafe String(cString: $0) }
    }
    guard let setting, let text = Crypt.hash(keys.prehash(password), setting: setting) else {
      throw HashingFailure()
    }
    self.text = text
  }

  /// Whether it was made from that password. Takes as long for a wrong one.
  package func matches(_ password: some Sequence<UInt8>, keys: Keys) -> Bool {
    guard let computed = Crypt.hash(keys.prehash(password), setting: text) else { return false }
    return Hash.areEqual(Array(computed.utf8), Array(text.utf8))
  }

  /// The cost it was made with; `nil` if the text is not of that form.
  package var cost: Int? {
    let parts = text.split(separator: "$")
    return parts.count == 3 ? Int(parts[1]) : nil
  }

  /// Spends the time of a check on nothing, so that an unknown username takes as long as a wrong password.
  package static func checkNothing(cost: Int) {
    let digits = cost < 10 ? "0\(cost)" : "\(cost)"
    _ = Crypt.hash("nobody's password", setting: "$2b$\(digits)$abcdefghijklmnopqrstuu")
  }
}

/// libcrypt (crypt(3)), with its 32 KiB of working memory on the heap.
private enum Crypt {
  static func hash(_ text: String, setting: String) -> String? {
    unsafe run { data in
      guard let result = unsafe crypt_r(text, setting, data) else { return nil }
      let hash = unsafe String(cString: result)
      // "*0" and "*1" are crypt's failure tokens.
      return hash.hasPrefix("*") ? nil : hash
    }
  }

  static func run(_ body: (UnsafeMutablePointer<crypt_data>) -> String?) -> String? {
    let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
    unsafe memset(data, 0, MemoryLayout<crypt_data>.size)
    defer {
      unsafe sodium_memzero(data, MemoryLayout<crypt_data>.size)
      unsafe data.deallocate()
    }
    return unsafe body(data)
  }
}

package enum Hash {
  package static func sha512(_ bytes: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: 64)
    _ = unsafe crypto_hash_sha512(&hash, bytes, UInt64(bytes.count))
    return hash
  }

  package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: 32)
    _ = unsafe crypto_hash_sha256(&hash, bytes, UInt64(bytes.count))
    return hash
  }

  /// Compares in a time that depends on the length alone.
  package static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.count == second.count else { return false }
    return unsafe sodium_memcmp(first, second, first.count) == 0
  }
}

/// Where random bytes come from.
public protocol RandomSource: Sendable {
  func bytes(_ count: Int) -> [UInt8]
}

/// The system's generator, through libsodium (`randombytes_buf`, getrandom(2)).
public struct SystemRandom: RandomSource {
  public init() { _ = sodium_init() }

  public func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    unsafe randombytes_buf(&bytes, bytes.count)
    return bytes
  }
}

extension RandomSource {
  package func number() -> UInt64 { bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
