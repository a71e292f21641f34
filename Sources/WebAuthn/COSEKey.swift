import DashboardCrypto
import DashboardWireFormat

/// The public keys of WebAuthn (Level 3, section 5.8.5) as COSE_Keys (RFC 9053, RFC 8230).
package enum COSEKey {
  /// The algorithms that keys may have (COSEAlgorithmIdentifier), the preferred one first: ES256, EdDSA and RS256.
  package static let algorithms = [-7, -8, -257]

  /// The key whose COSE_Key the bytes are.
  static func publicKey(_ bytes: [UInt8]) throws(WebAuthnRefusal) -> PublicKey {
    guard let value = CBOR.whole(bytes[...]) else { throw .malformed }
    return try publicKey(value)
  }

  /// - Throws: `unknownAlgorithm` for another algorithm. `malformed` if a parameter that the algorithm needs is missing or wrong, if
  ///   there are others, or if the key is invalid (`PublicKey.isValid`).
  static func publicKey(_ key: CBOR) throws(WebAuthnRefusal) -> PublicKey {
    guard case .map(let parameters) = key, let algorithm = key[Label.algorithm]?.integer else {
      throw .malformed
    }
    let (type, curve) = (key[Label.type]?.integer, key[Label.curve]?.integer)
    let publicKey: PublicKey
    switch algorithm {
    case -7:
      guard type == 2, curve == 1, parameters.count == 5, let x = key[Label.x]?.byteString,
        let y = key[Label.y]?.byteString
      else { throw .malformed }
      publicKey = .es256(x: x, y: y)
    case -8:
      guard type == 1, curve == 6, parameters.count == 4, let x = key[Label.x]?.byteString else {
        throw .malformed
      }
      publicKey = .ed25519(x)
    case -257:
      guard type == 3, parameters.count == 4, let modulus = key[Label.modulus]?.byteString,
        let exponent = key[Label.exponent]?.byteString
      else { throw .malformed }
      publicKey = .rs256(modulus: modulus, exponent: exponent)
    default: throw .unknownAlgorithm
    }
    guard publicKey.isValid else { throw .malformed }
    return publicKey
  }

  /// The labels of parameters (RFC 9052 section 7.1, RFC 9053 section 7.1, RFC 8230 section 4).
  private enum Label {
    static var type: Int { 1 }
    static var algorithm: Int { 3 }
    static var curve: Int { -1 }
    static var x: Int { -2 }
    static var y: Int { -3 }
    static var modulus: Int { -1 }
    static var exponent: Int { -2 }
  }
}
