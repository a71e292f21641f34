import DashboardCrypto
import DashboardWireFormat
import Testing

/// The bytes of hexadecimal digits. White space means nothing.
func bytes(_ digits: String) -> [UInt8] {
  Hexadecimal.bytes(Array(digits.utf8.filter { $0 > 0x20 })[...]) ?? []
}

/// Signatures over `message`, made with Python's integers and its package `cryptography`.
enum SignatureSamples {
  static let message = Array("the message that is signed".utf8)

  struct ECDSA: CustomTestStringConvertible {
    let testDescription: String
    let isRight: Bool
    let x: [UInt8]
    let y: [UInt8]
    let r: [UInt8]
    let s: [UInt8]

    init(_ name: String, _ isRight: Bool, x: String, y: String, r: String, s: String) {
      (testDescription, self.isRight) = (name, isRight)
      (self.x, self.y, self.r, self.s) = (bytes(x), bytes(y), bytes(r), bytes(s))
    }

    var key: PublicKey { .es256(x: x, y: y) }
  }

  /// Ordinary signatures, and ones in which the sum of points is a special case.
  static let ecdsa = [
    ECDSA(
      "an ordinary one", true,
      x: "26abe153a1c57db42a9c2fe307216c832a4bdede50fe230b7917a22f4fb66d74",
      y: "fad850bbf9e99fa1a0e395432e1116b9ed7979e7448d03ba28d2c7d5e79db29b",
      r: "03b163f70c355463a1e7befbe3cce8bfc49d4b8e45da209515ebe300472c59f9",
      s: "10c44609220693c07fb8c1ae12c2eb98e3c316ee5d82f8119b4c02734ee14991"),
    ECDSA(
      "the other s", true,
      x: "26abe153a1c57db42a9c2fe307216c832a4bdede50fe230b7917a22f4fb66d74",
      y: "fad850bbf9e99fa1a0e395432e1116b9ed7979e7448d03ba28d2c7d5e79db29b",
      r: "03b163f70c355463a1e7befbe3cce8bfc49d4b8e45da209515ebe300472c59f9",
      s: "ef3bb9f5ddf96c4080473e51ed3d1466d923e3bf4994a673586dc84fad81dbc0"),
    ECDSA(
      "a nonce of 1", true,
      x: "26abe153a1c57db42a9c2fe307216c832a4bdede50fe230b7917a22f4fb66d74",
      y: "fad850bbf9e99fa1a0e395432e1116b9ed7979e7448d03ba28d2c7d5e79db29b",
      r: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
      s: "c36272e6e85b79f432a27ea1bd34fd2cd3c04d73e8beff86ba2eedc82b0d0d9c"),
    ECDSA(
      "a nonce of -1", true,
      x: "26abe153a1c57db42a9c2fe307216c832a4bdede50fe230b7917a22f4fb66d74",
      y: "fad850bbf9e99fa1a0e395432e1116b9ed7979e7448d03ba28d2c7d5e79db29b",
      r: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
      s: "3c9d8d1817a4860ccd5d815e42cb02d2e926ad39be589efe398adcfad15617b5"),
    // OpenSSL finds this one right. nettle 3.8 can't add equal points, which an honest signer meets with a probability of 2^-256.
    ECDSA(
      "both points of the sum equal", false,
      x: "e825117d0e5305be859799e2aac0070fde378624f3957b9e54f6a4d6911d99e1",
      y: "bdedb8bf962e4cab573182ea868dd1c6f42274b83b42cb635d601836faa6127d",
      r: "03b163f70c355463a1e7befbe3cce8bfc49d4b8e45da209515ebe300472c59f9",
      s: "800ae3e197d4a93680b8eb4937b5a12c968c5bce445f0036b6627906640459c7"),
    ECDSA(
      "the generator as key", true,
      x: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
      y: "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
      r: "03b163f70c355463a1e7befbe3cce8bfc49d4b8e45da209515ebe300472c59f9",
      s: "9f1d030df273e129b3b398ed7698fd5b153e79ef4964e6b66500258d2fe8324b"),
    ECDSA(
      "the opposite of the generator as key", true,
      x: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
      y: "b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a",
      r: "03b163f70c355463a1e7befbe3cce8bfc49d4b8e45da209515ebe300472c59f9",
      s: "e0ede0d2a560c80dcd05525bc11ca3d13e34dc8ca211b805451c1e3c307f4ccd"),
    ECDSA(
      "a sum at infinity", false,
      x: "26abe153a1c57db42a9c2fe307216c832a4bdede50fe230b7917a22f4fb66d74",
      y: "fad850bbf9e99fa1a0e395432e1116b9ed7979e7448d03ba28d2c7d5e79db29b",
      r: "156f194f20bf752ea6a1b5ee871f3b71cdd301429881880a5996bf0da25b4985",
      s: "0000000000000000000000000000000000000000000000000000000000000001"),
    ECDSA(
      "r and s of 1", false,
      x: "26abe153a1c57db42a9c2fe307216c832a4bdede50fe230b7917a22f4fb66d74",
      y: "fad850bbf9e99fa1a0e395432e1116b9ed7979e7448d03ba28d2c7d5e79db29b",
      r: "0000000000000000000000000000000000000000000000000000000000000001",
      s: "0000000000000000000000000000000000000000000000000000000000000001"),
    ECDSA(
      "an r of 31 bytes", true,
      x: "26abe153a1c57db42a9c2fe307216c832a4bdede50fe230b7917a22f4fb66d74",
      y: "fad850bbf9e99fa1a0e395432e1116b9ed7979e7448d03ba28d2c7d5e79db29b",
      r: "005543894af3d00ed7d740abdbd75c96b06877b787db5f70eea78b90a8d7c00a",
      s: "4cbbf8b7d194f4a18b5eb108bc4dbc42c752dc52f48dcb76093ec85915e4a3c0"),
  ]
}
