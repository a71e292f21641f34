import CCrypt
import CSodium
import Glibc

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
