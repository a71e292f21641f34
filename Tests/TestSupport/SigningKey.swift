import CDashboardNettle
import CDashboardSodium

/// A key pair of an authenticator, by libsodium and nettle.
package final class SigningKey: @unchecked Sendable {
  package enum Algorithm: CaseIterable, Sendable { case ed25519, es256, rs256 }

  /// The COSE_Key (RFC 9053, RFC 8230).
  package let publicKey: [UInt8]
  private let sign: ([UInt8]) -> [UInt8]

  package convenience init(_ algorithm: Algorithm, seed: UInt8) {
    switch algorithm {
    case .ed25519: self.init(Self.ed25519(seed))
    case .es256: self.init(Self.es256())
    case .rs256: self.init(Self.rs256())
    }
  }

  private init(_ pair: (key: [UInt8], sign: ([UInt8]) -> [UInt8])) { (publicKey, sign) = pair }

  package func signature(of message: [UInt8]) -> [UInt8] { sign(message) }

  private static func ed25519(_ seed: UInt8) -> ([UInt8], ([UInt8]) -> [UInt8]) {
    var (key, secret) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
    crypto_sign_ed25519_seed_keypair(&key, &secret, [UInt8](repeating: seed, count: 32))
    return (
      [0xA4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20] + key,
      { [secret] message in
        var signature = [UInt8](repeating: 0, count: 64)
        crypto_sign_ed25519_detached(&signature, nil, message, UInt64(message.count), secret)
        return signature
      }
    )
  }

  private static func es256() -> ([UInt8], ([UInt8]) -> [UInt8]) {
    let curve = nettle_get_secp_256r1()
    var (point, scalar) = (ecc_point(), ecc_scalar())
    nettle_ecc_point_init(&point, curve)
    nettle_ecc_scalar_init(&scalar, curve)
    nettle_ecdsa_generate_keypair(&point, &scalar, nil, random)
    var (x, y) = (__mpz_struct(), __mpz_struct())
    __gmpz_init(&x)
    __gmpz_init(&y)
    nettle_ecc_point_get(&point, &x, &y)
    let key =
      [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20] + bytes(&x, 32) + [0x22, 0x58, 0x20]
      + bytes(&y, 32)
    return (
      key,
      { [scalar] message in
        var (scalar, numbers) = (scalar, dsa_signature())
        nettle_dsa_signature_init(&numbers)
        nettle_ecdsa_sign(&scalar, nil, random, 32, SHA256.hash(message), &numbers)
        // DER (RFC 3279 section 2.2.3).
        let body = [bytes(&numbers.r, 32), bytes(&numbers.s, 32)].flatMap { number -> [UInt8] in
          let short = Array(number.drop { $0 == 0 })
          let padded = (short.first ?? 0x80) >= 0x80 ? [0] + short : short
          return [0x02, UInt8(padded.count)] + padded
        }
        return [0x30, UInt8(body.count)] + body
      }
    )
  }

  private static func rs256() -> ([UInt8], ([UInt8]) -> [UInt8]) {
    var (key, secret) = (rsa_public_key(), rsa_private_key())
    nettle_rsa_public_key_init(&key)
    nettle_rsa_private_key_init(&secret)
    __gmpz_set_ui(&key.e, 65_537)
    _ = nettle_rsa_generate_keypair(&key, &secret, nil, random, nil, nil, 2048, 0)
    return (
      [0xA4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, 0x59, 0x01, 0x00] + bytes(&key.n, 256)
        + [0x21, 0x43, 0x01, 0x00, 0x01],
      { [key, secret] message in
        var (key, secret, number) = (key, secret, __mpz_struct())
        __gmpz_init(&number)
        _ = nettle_rsa_sha256_sign_digest_tr(&key, &secret, nil, random, SHA256.hash(message), &number)
        return bytes(&number, 256)
      }
    )
  }

  private static func bytes(_ number: inout __mpz_struct, _ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    nettle_mpz_get_str_256(count, &bytes, &number)
    return bytes
  }

  private static let random:
    @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutablePointer<UInt8>?) -> Void = {
      if let buffer = $2 { randombytes_buf(buffer, $1) }
    }
}
