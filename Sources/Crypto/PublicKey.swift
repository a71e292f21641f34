import CDashboardNettle
import CDashboardSodium

/// A public key that verifies signatures.
///
/// A key is checked when it is made, and a signature when it is verified. No bytes trap.
package enum PublicKey: Equatable, Sendable {
  /// ECDSA on P-256 with SHA-256 (FIPS 186-5 section 6). `x` and `y` have 32 bytes each.
  case es256(x: [UInt8], y: [UInt8])
  /// Ed25519 (RFC 8032 section 5.1). The key has 32 bytes.
  case ed25519([UInt8])
  /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2). Both numbers have their most significant byte first, and no zero byte
  /// before it.
  case rs256(modulus: [UInt8], exponent: [UInt8])

  /// True if the key can verify signatures:
  /// - ES256: the point is on the curve. P-256 has the cofactor 1, so each point but infinity is a valid key
  ///   (SP 800-56A section 5.6.2.3).
  /// - Ed25519: 32 bytes. libsodium refuses points of a small order when it verifies.
  /// - RS256: an odd modulus of 2048 to 4096 bits, and an odd exponent of 17 to 32 bits (FIPS 186-5 section 5.1). The upper limits
  ///   bound the time of a verification.
  package var isValid: Bool {
    switch self {
    case .es256(let x, let y): unsafe P256Point.with(x, y) { _ in true } ?? false
    case .ed25519(let key): key.count == crypto_sign_ed25519_publickeybytes()
    case .rs256(let modulus, let exponent): Self.isValid(modulus: modulus, exponent: exponent)
    }
  }

  /// True if the signature over `message` was made with the private key that belongs to this key.
  ///
  /// - Parameter signature: ES256: DER as in RFC 3279 section 2.2.3. Ed25519: 64 bytes. RS256: as long as the modulus. Signatures of
  ///   another form are wrong.
  package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    switch self {
    case .es256(let x, let y): Self.es256(x, y, signature, Hash.sha256(message))
    case .ed25519(let key): Self.ed25519(key, signature, message)
    case .rs256(let modulus, let exponent): Self.rs256(modulus, exponent, signature, Hash.sha256(message))
    }
  }

  private static func ed25519(_ key: [UInt8], _ signature: [UInt8], _ message: [UInt8]) -> Bool {
    guard key.count == crypto_sign_ed25519_publickeybytes(), signature.count == crypto_sign_ed25519_bytes()
    else {
      return false
    }
    return unsafe crypto_sign_ed25519_verify_detached(signature, message, UInt64(message.count), key) == 0
  }
}

// MARK: ECDSA

extension PublicKey {
  private static func es256(_ x: [UInt8], _ y: [UInt8], _ signature: [UInt8], _ digest: [UInt8]) -> Bool {
    guard let (r, s) = ECDSASignature.numbers(signature) else { return false }
    return unsafe P256Point.with(x, y) { point in
      var numbers = dsa_signature()
      unsafe nettle_dsa_signature_init(&numbers)
      defer { unsafe nettle_dsa_signature_clear(&numbers) }
      unsafe nettle_mpz_set_str_256_u(&numbers.r, r.count, r)
      unsafe nettle_mpz_set_str_256_u(&numbers.s, s.count, s)
      // nettle refuses numbers that are 0, or not below the order of the group.
      return unsafe nettle_ecdsa_verify(&point, digest.count, digest, &numbers) == 1
    } ?? false
  }
}

/// A point of the curve P-256 (SP 800-186 section 3.2.1.3).
private enum P256Point {
  /// Calls `body` with the point; `nil` if the coordinates do not have 32 bytes each, or if the point is not on the curve.
  static func with(_ x: [UInt8], _ y: [UInt8], _ body: (inout ecc_point) -> Bool) -> Bool? {
    guard x.count == 32, y.count == 32 else { return nil }
    var point = unsafe ecc_point()
    unsafe nettle_ecc_point_init(&point, nettle_get_secp_256r1())
    defer { unsafe nettle_ecc_point_clear(&point) }
    var (abscissa, ordinate) = unsafe (__mpz_struct(), __mpz_struct())
    unsafe nettle_mpz_init_set_str_256_u(&abscissa, x.count, x)
    defer { unsafe __gmpz_clear(&abscissa) }
    unsafe nettle_mpz_init_set_str_256_u(&ordinate, y.count, y)
    defer { unsafe __gmpz_clear(&ordinate) }
    guard unsafe nettle_ecc_point_set(&point, &abscissa, &ordinate) == 1 else { return nil }
    return unsafe body(&point)
  }
}

// MARK: RSA

extension PublicKey {
  private static func isValid(modulus: [UInt8], exponent: [UInt8]) -> Bool {
    guard let first = modulus.first, let last = modulus.last, first > 0, last & 1 == 1 else { return false }
    let bits = modulus.count * 8 - first.leadingZeroBitCount
    guard (2048...4096).contains(bits) else { return false }
    guard let highest = exponent.first, let lowest = exponent.last, highest > 0, lowest & 1 == 1 else {
      return false
    }
    return (3...4).contains(exponent.count)
  }

  private static func rs256(
    _ modulus: [UInt8], _ exponent: [UInt8], _ signature: [UInt8], _ digest: [UInt8]
  ) -> Bool {
    guard isValid(modulus: modulus, exponent: exponent), signature.count == modulus.count else {
      return false
    }
    var key = rsa_public_key()
    unsafe nettle_rsa_public_key_init(&key)
    defer { unsafe nettle_rsa_public_key_clear(&key) }
    unsafe nettle_mpz_set_str_256_u(&key.n, modulus.count, modulus)
    unsafe nettle_mpz_set_str_256_u(&key.e, exponent.count, exponent)
    var number = unsafe __mpz_struct()
    unsafe nettle_mpz_init_set_str_256_u(&number, signature.count, signature)
    defer { unsafe __gmpz_clear(&number) }
    // nettle refuses a signature that is 0, or not below the modulus. It builds the one right padding and compares all of it.
    return unsafe nettle_rsa_public_key_prepare(&key) == 1
      && nettle_rsa_sha256_verify_digest(&key, digest, &number) == 1
  }
}
