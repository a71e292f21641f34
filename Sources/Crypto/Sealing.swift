import CDashboardSodium

/// Authenticated encryption (libsodium's secretbox: XSalsa20 and Poly1305).
package enum Sealing {
  /// The bytes, encrypted so that only the key opens them and any change is noticed. They are 40 bytes longer.
  ///
  /// - Parameter key: of any length; it must be hard to guess.
  package static func seal(_ bytes: [UInt8], key: [UInt8], random: some RandomSource) -> [UInt8] {
    let nonce = random.bytes(Int(crypto_secretbox_noncebytes()))
    var sealed = [UInt8](repeating: 0, count: bytes.count + Int(crypto_secretbox_macbytes()))
    _ = unsafe crypto_secretbox_easy(&sealed, bytes, UInt64(bytes.count), nonce, Hash.sha256(key))
    return nonce + sealed
  }

  /// The bytes that were sealed; `nil` if the key is another one or the text was changed.
  package static func open(_ sealed: [UInt8], key: [UInt8]) -> [UInt8]? {
    let nonceLength = Int(crypto_secretbox_noncebytes())
    let overhead = nonceLength + Int(crypto_secretbox_macbytes())
    guard sealed.count >= overhead else { return nil }
    let text = Array(sealed[nonceLength...])
    var bytes = [UInt8](repeating: 0, count: sealed.count - overhead)
    let result = unsafe crypto_secretbox_open_easy(
      &bytes, text, UInt64(text.count), Array(sealed[..<nonceLength]), Hash.sha256(key))
    return result == 0 ? bytes : nil
  }
}
