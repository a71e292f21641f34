import CDashboardCrypt
import CDashboardSodium
import Glibc

/// libcrypt (crypt(3)). Its 32 KiB of working memory lie on the heap.
enum Crypt {
  /// A bcrypt setting string (crypt(5)) with the salt; `nil` if the cost is out of range.
  ///
  /// - Parameters:
  ///   - cost: 4…31.
  ///   - salt: 16 random bytes.
  static func bcryptSetting(cost: Int, salt: [UInt8]) -> String? {
    unsafe run { _ in
      var output = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
      let made = unsafe salt.withUnsafeBytes { salt in
        unsafe crypt_gensalt_rn(
          "$2b$", UInt(clamping: cost), salt.bindMemory(to: CChar.self).baseAddress, Int32(salt.count),
          &output,
          Int32(output.count))
      }
      return unsafe made.map { unsafe String(cString: $0) }
    }
  }

  /// The hash of a text in the form of crypt(5); `nil` if libcrypt does not know the setting.
  static func hash(_ text: String, setting: String) -> String? {
    unsafe run { data in
      guard let result = unsafe crypt_r(text, setting, data) else { return nil }
      let hash = unsafe String(cString: result)
      // crypt_r(3) can return the failure tokens "*0" and "*1" where it could return NULL.
      return hash.hasPrefix("*") ? nil : hash
    }
  }

  private static func run(_ body: (UnsafeMutablePointer<crypt_data>) -> String?) -> String? {
    let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
    unsafe memset(data, 0, MemoryLayout<crypt_data>.size)
    defer {
      unsafe sodium_memzero(data, MemoryLayout<crypt_data>.size)
      unsafe data.deallocate()
    }
    return unsafe body(data)
  }
}

/// libsodium's Argon2id (RFC 9106, PHC string format).
enum Argon2id {
  // OWASP Password Storage Cheat Sheet: 19 MiB, two passes. libsodium always uses one lane.
  private static let passes: UInt64 = 2
  private static let memory = 19 * 1024 * 1024

  /// The first bytes of every hash that has these parameters.
  static let prefix = "$argon2id$v=19$m=\(memory / 1024),t=\(passes),p=1$"

  /// A hash with a new salt; `nil` if there is not enough memory.
  static func hash(_ text: String) -> String? {
    _ = sodium_init()
    var output = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
    let code = unsafe crypto_pwhash_str_alg(
      &output, text, UInt64(text.utf8.count), passes, memory, crypto_pwhash_ALG_ARGON2ID13)
    return code == 0
      ? String(decoding: output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }

  /// True if the hash was made of the text. The parameters are read from the hash.
  static func matches(_ hash: String, _ text: String) -> Bool {
    _ = sodium_init()
    return unsafe crypto_pwhash_str_verify(hash, text, UInt64(text.utf8.count)) == 0
  }
}
