import CDashboardSodium

/// A browser and an authenticator with one credential, whose answers a test may change before they are signed (WebAuthn Level 3).
package struct SoftAuthenticator: Sendable {
  package var type = "webauthn.get"
  package var challenge = Array("challenge".utf8)
  package var origin = "https://example.org"
  /// Members of the client data behind the origin, each with a comma before it.
  package var otherMembers = ""
  package var relyingPartyID = "example.org"
  /// UP and UV.
  package var flags: UInt8 = 0x05
  package var counter: UInt32 = 7
  package var credentialID = Array("credential".utf8)
  /// What follows the counter.
  package var rest: [UInt8] = []
  /// The account's name for the authenticator; `nil` if an assertion does not tell it.
  package var userHandle: [UInt8]?
  package let key: SigningKey

  /// - Parameter seed: of a key for Ed25519. Keys of the other algorithms are random.
  package init(_ algorithm: SigningKey.Algorithm = .ed25519, seed: UInt8 = 7) {
    key = SigningKey(algorithm, seed: seed)
  }

  /// The COSE_Key.
  package var publicKey: [UInt8] { key.publicKey }

  package var clientData: [UInt8] {
    Array(
      #"{"type":"\#(type)","challenge":"\#(Base64.url(challenge))","origin":"\#(origin)"\#(otherMembers)}"#
        .utf8)
  }

  package var authenticatorData: [UInt8] {
    let number: [UInt8] = (0..<4).map { UInt8(truncatingIfNeeded: counter >> (24 - 8 * $0)) }
    return SHA256.hash(Array(relyingPartyID.utf8)) + [flags] + number + rest
  }

  package func signature(over clientData: [UInt8], _ authenticatorData: [UInt8]) -> [UInt8] {
    key.signature(of: authenticatorData + SHA256.hash(clientData))
  }

  /// The credential as part of the authenticator data.
  package func attested(_ key: [UInt8]? = nil) -> [UInt8] {
    [UInt8](repeating: 0xAA, count: 16) + [UInt8(credentialID.count >> 8), UInt8(credentialID.count & 0xFF)]
      + credentialID + (key ?? publicKey)
  }

  /// The attestation object of format `none` with these authenticator data.
  package static func attestationObject(_ data: [UInt8]) -> [UInt8] {
    [0xA3] + text("fmt") + text("none") + text("attStmt") + [0xA0] + authData(data)
  }

  /// The member `authData` of an attestation object.
  package static func authData(_ data: [UInt8]) -> [UInt8] {
    let length = data.count < 256 ? [0x58] : [0x59, UInt8(data.count >> 8)]
    return text("authData") + length + [UInt8(data.count & 0xFF)] + data
  }

  /// A text in CBOR, shorter than 24 bytes.
  private static func text(_ text: String) -> [UInt8] { [0x60 + UInt8(text.utf8.count)] + Array(text.utf8) }

  /// The answer of `navigator.credentials.create`.
  ///
  /// - Parameter key: a COSE_Key in place of the authenticator's own.
  package func registration(key: [UInt8]? = nil) -> PasskeyReply {
    var creating = self
    if creating.type == "webauthn.get" { creating.type = "webauthn.create" }
    creating.flags |= 0x40
    creating.rest = attested(key) + rest
    return PasskeyReply(
      id: credentialID,
      fields: [
        ("clientDataJSON", creating.clientData),
        ("attestationObject", Self.attestationObject(creating.authenticatorData)),
      ])
  }

  /// The answer of `navigator.credentials.get`.
  package var assertion: PasskeyReply {
    let (client, data) = (clientData, authenticatorData)
    return PasskeyReply(
      id: credentialID,
      fields: [
        ("clientDataJSON", client), ("authenticatorData", data), ("signature", signature(over: client, data)),
      ] + (userHandle.map { [("userHandle", $0)] } ?? []))
  }
}

/// What a page posts: `PublicKeyCredential.toJSON()`.
package struct PasskeyReply: Sendable {
  package var id: [UInt8]
  /// The members of `response`.
  package var fields: [(name: String, bytes: [UInt8])]

  package init(id: [UInt8], fields: [(name: String, bytes: [UInt8])]) {
    (self.id, self.fields) = (id, fields)
  }

  package var json: String {
    let members = fields.map { #""\#($0)":"\#(Base64.url($1))""# }.joined(separator: ",")
    let id = Base64.url(id)
    return
      #"{"id":"\#(id)","rawId":"\#(id)","type":"public-key","response":{\#(members),"transports":["usb"]}}"#
  }
}

/// SHA-256 by libsodium, so that tests do not depend on the code under test.
enum SHA256 {
  static func hash(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
    return digest
  }
}

extension Base64 {
  /// Base64url without padding (RFC 4648 section 5).
  package static func url(_ bytes: [UInt8]) -> String {
    let variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING
    var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
    sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
    return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  package static func bytes(ofURL text: String) -> [UInt8] {
    decode(text.replacing("-", with: "+").replacing("_", with: "/"))
  }
}
