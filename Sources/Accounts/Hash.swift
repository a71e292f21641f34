import CSodium

/// SHA-2, HMAC, and the comparison of hashes.
package enum Hash {
  package static func sha512(_ bytes: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 64) { hash, count in
      guard let start = hash.baseAddress else { return }
      _ = unsafe crypto_hash_sha512(start, bytes, UInt64(bytes.count))
      count = 64
    }
  }

  package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: 32)
    _ = unsafe crypto_hash_sha256(&hash, bytes, UInt64(bytes.count))
    return hash
  }

  /// RFC 2104.
  ///
  /// - Parameter key: of any length.
  package static func hmacSHA256(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    var state = crypto_auth_hmacsha256_state()
    var hash = [UInt8](repeating: 0, count: 32)
    _ = unsafe crypto_auth_hmacsha256_init(&state, key, key.count)
    _ = unsafe crypto_auth_hmacsha256_update(&state, bytes, UInt64(bytes.count))
    _ = unsafe crypto_auth_hmacsha256_final(&state, &hash)
    return hash
  }

  /// Compares in a time that depends on the length alone.
  package static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.count == second.count else { return false }
    return unsafe sodium_memcmp(first, second, first.count) == 0
  }
}
