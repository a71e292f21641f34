import DashboardCrypto
import DashboardWireFormat

/// What the browser says of a ceremony (WebAuthn Level 3, section 5.8.1).
struct ClientData {
  /// What the ceremony is for, as `type` says.
  enum Purpose {
    case registration
    case assertion

    fileprivate var type: StaticString {
      switch self {
      case .registration: "webauthn.create"
      case .assertion: "webauthn.get"
      }
    }
  }

  private let type: String
  private let challenge: [UInt8]
  private let origin: String
  private let isCrossOrigin: Bool

  /// Parses the client data (section 7.1 steps 5 and 6; section 7.2 steps 8 and 9). Unknown members mean nothing.
  ///
  /// - Throws: `malformed` for another text than the JSON of client data in UTF-8.
  init(_ json: [UInt8]) throws(WebAuthnRefusal) {
    // Decoding UTF-8 removes a byte order mark (WHATWG Encoding, section 6).
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    guard let value = JSONValue(json.starts(with: mark) ? json[mark.count...] : json[...]),
      let type = value["type"]?.string, let origin = value["origin"]?.string,
      let challenge = value["challenge"]?.string.flatMap({ Base64URL.bytes(Array($0.utf8)[...]) })
    else { throw .malformed }
    (self.type, self.origin, self.challenge) = (type, origin, challenge)
    switch value["crossOrigin"] {
    case nil, .boolean(false): isCrossOrigin = value["topOrigin"] != nil
    case .boolean(true): isCrossOrigin = true
    default: throw .malformed
    }
  }

  /// Checks type, challenge and origin (section 7.1 steps 7 to 11; section 7.2 steps 10 to 14). No page of another origin may
  /// contain the page of the ceremony.
  func check(_ purpose: Purpose, _ ceremony: Ceremony) throws(WebAuthnRefusal) {
    guard Array(type.utf8)[...].isEqual(to: purpose.type) else { throw .wrongType }
    guard Hash.areEqual(challenge, ceremony.challenge) else { throw .wrongChallenge }
    guard ceremony.origins.contains(where: { $0.utf8.elementsEqual(origin.utf8) }) else { throw .wrongOrigin }
    guard !isCrossOrigin else { throw .crossOrigin }
  }
}
