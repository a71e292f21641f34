import CDashboardNettle
import CDashboardSodium

/// SHA-2 (FIPS 180-4), HMAC (RFC 2104), and the comparison of hashes.
package enum Hash {
  /// In bytes.
  package static var sha512Length: Int { 64 }

  package static func sha512(_ bytes: [UInt8]) -> [UInt8] { sha512(bytes.span) }

  static func sha512(_ bytes: Span<UInt8>) -> [UInt8] {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe filled(sha512Length) { unsafe crypto_hash_sha512($0, bytes.baseAddress, UInt64(bytes.count)) }
    }
  }

  package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    unsafe filled(32) { unsafe crypto_hash_sha256($0, bytes, UInt64(bytes.count)) }
  }

  /// `count` bytes. `write` must write all of them.
  private static func filled(_ count: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(addingCapacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, initialized in
        guard let start = buffer.baseAddress else { return }
        _ = unsafe write(start)
        initialized = count
      }
    }
    return bytes
  }

  /// HMAC-SHA-256 (RFC 2104), 32 bytes.
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

  /// HMAC-SHA-1 (RFC 2104), 20 bytes. Only one-time passwords use it: all authenticator apps do.
  ///
  /// - Parameter key: of any length.
  static func hmacSHA1(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    var state = hmac_sha1_ctx()
    var hash = [UInt8](repeating: 0, count: 20)
    unsafe nettle_hmac_sha1_set_key(&state, key.count, key)
    unsafe nettle_hmac_sha1_update(&state, bytes.count, bytes)
    unsafe nettle_hmac_sha1_digest(&state, hash.count, &hash)
    return hash
  }

  /// Compares in a time that depends only on the length.
  package static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    guard first.count == second.count else { return false }
    return unsafe sodium_memcmp(first, second, first.count) == 0
  }
}

/// SHA-256 of bytes that come in pieces (FIPS 180-4).
package struct SHA256 {
  private var state = crypto_hash_sha256_state()

  package init() { _ = unsafe crypto_hash_sha256_init(&state) }

  package mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      _ = unsafe crypto_hash_sha256_update(&state, bytes.baseAddress, UInt64(bytes.count))
    }
  }

  /// 32 bytes.
  package consuming func finish() -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: 32)
    _ = unsafe crypto_hash_sha256_final(&state, &hash)
    return hash
  }
}
