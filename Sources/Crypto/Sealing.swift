import CDashboardSodium

/// Authenticated encryption: the one form of all sealed values.
///
/// A sealed value is a byte with the version (1), a random nonce of 24 bytes, and the ciphertext with its tag by
/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03). It is 41 bytes longer than what it holds.
extension Secrets {
  private static let version: UInt8 = 1
  private static let nonceLength = 24
  private static let tagLength = 16

  /// The key of sealed values: HMAC-SHA-256 of `dashboard seal 1` with DASHBOARD_ENCRYPTION_KEY.
  static func sealKey(_ encryption: String) -> [UInt8] {
    Hash.hmacSHA256(Array("dashboard seal 1".utf8), key: Array(encryption.utf8))
  }

  /// The bytes, encrypted so that only these secrets open them, and only for the same context.
  ///
  /// - Parameter context: where the value belongs (the associated data). It is not part of the result.
  package func seal(_ bytes: [UInt8], context: [UInt8], random: some RandomSource) -> [UInt8] {
    Self.seal(bytes, context, nonce: random.bytes(Self.nonceLength), key: sealKey)
  }

  /// The bytes that these secrets or the previous ones sealed; `nil` if other secrets or another context sealed them, or if they
  /// were changed.
  package func open(_ sealed: [UInt8], context: [UInt8]) -> [UInt8]? {
    for secrets in all {
      if let bytes = Self.open(sealed, context, key: secrets.sealKey) { return bytes }
    }
    return nil
  }

  /// - Parameters:
  ///   - nonce: 24 bytes.
  ///   - key: 32 bytes.
  static func seal(_ bytes: [UInt8], _ context: [UInt8], nonce: [UInt8], key: [UInt8]) -> [UInt8] {
    precondition(nonce.count == nonceLength && key.count == crypto_aead_xchacha20poly1305_ietf_keybytes())
    var text = [UInt8](repeating: 0, count: bytes.count + tagLength)
    _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
      &text, nil, bytes, UInt64(bytes.count), context, UInt64(context.count), nil, nonce, key)
    return [version] + nonce + text
  }

  /// The opposite of `seal`; `nil` if the tag is wrong.
  static func open(_ sealed: [UInt8], _ context: [UInt8], key: [UInt8]) -> [UInt8]? {
    let start = 1 + nonceLength
    guard sealed.first == version, sealed.count >= start + tagLength else { return nil }
    var bytes = [UInt8](repeating: 0, count: sealed.count - start - tagLength)
    let result = unsafe sealed.withUnsafeBufferPointer { sealed -> Int32 in
      guard let first = sealed.baseAddress else { return -1 }
      return unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
        &bytes, nil, nil, first + start, UInt64(sealed.count - start), context, UInt64(context.count),
        first + 1, key)
    }
    return result == 0 ? bytes : nil
  }
}
