import CDashboardSodium
import DashboardCrypto
import DashboardWireFormat

/// The bytes of hexadecimal digits. White space means nothing.
func bytes(_ digits: String) -> [UInt8] {
  Hexadecimal.bytes(Array(digits.utf8.filter { $0 > 0x20 })[...]) ?? []
}

/// A browser and an authenticator with one Ed25519 credential, whose answers a test may change before they are signed.
struct SoftAuthenticator {
  var type = "webauthn.get"
  var challenge = Array("challenge".utf8)
  var origin = "https://example.org"
  /// Members of the client data behind the origin, each with a comma before it.
  var otherMembers = ""
  var relyingPartyID = "example.org"
  /// UP and UV.
  var flags: UInt8 = 0x05
  var counter: UInt32 = 7
  var credentialID = Array("credential".utf8)
  /// What follows the counter.
  var rest: [UInt8] = []

  private let keys = {
    var (key, secret) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
    crypto_sign_ed25519_seed_keypair(&key, &secret, [UInt8](repeating: 7, count: 32))
    return (key: key, secret: secret)
  }()

  /// The COSE_Key.
  var publicKey: [UInt8] { bytes("a401010327200621 5820") + keys.key }

  var clientData: [UInt8] {
    Array(
      #"{"type":"\#(type)","challenge":"\#(Base64URL.text(challenge))","origin":"\#(origin)"\#(otherMembers)}"#
        .utf8)
  }

  var authenticatorData: [UInt8] {
    let number: [UInt8] = (0..<4).map { UInt8(truncatingIfNeeded: counter >> (24 - 8 * $0)) }
    return Hash.sha256(Array(relyingPartyID.utf8)) + [flags] + number + rest
  }

  func signature(over clientData: [UInt8], _ authenticatorData: [UInt8]) -> [UInt8] {
    let message = authenticatorData + Hash.sha256(clientData)
    var signature = [UInt8](repeating: 0, count: 64)
    crypto_sign_ed25519_detached(&signature, nil, message, UInt64(message.count), keys.secret)
    return signature
  }

  /// The credential as part of the authenticator data.
  func attested(_ key: [UInt8]? = nil) -> [UInt8] {
    [UInt8](repeating: 0xAA, count: 16) + [UInt8(credentialID.count >> 8), UInt8(credentialID.count & 0xFF)]
      + credentialID + (key ?? publicKey)
  }

  /// The attestation object of format `none` with these authenticator data.
  static func attestationObject(_ data: [UInt8]) -> [UInt8] {
    bytes("a363666d74646e6f6e656761747453746d74a0") + authData(data)
  }

  /// The member `authData` of an attestation object.
  static func authData(_ data: [UInt8]) -> [UInt8] {
    let length = data.count < 256 ? [0x58] : [0x59, UInt8(data.count >> 8)]
    return bytes("686175746844617461") + length + [UInt8(data.count & 0xFF)] + data
  }
}
