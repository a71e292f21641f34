import DashboardWireFormat

/// What an authenticator signs (WebAuthn Level 3, section 6.1).
package struct AuthenticatorData: Equatable, Sendable {
  /// The flags of section 6.1. Reserved bits mean nothing.
  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// UP: the person touched the authenticator, or the like.
    package static let userPresent = Flags(rawValue: 0x01)
    /// UV: the authenticator verified the person, by a PIN or a fingerprint.
    package static let userVerified = Flags(rawValue: 0x04)
    /// BE: the credential may be copied to other devices. Never changes.
    package static let backupEligible = Flags(rawValue: 0x08)
    /// BS: the credential is backed up.
    package static let backedUp = Flags(rawValue: 0x10)
    /// AT: a new credential follows.
    static let attested = Flags(rawValue: 0x40)
    /// ED: extensions follow.
    static let extensions = Flags(rawValue: 0x80)
  }

  /// The new credential of a registration (section 6.5.1).
  package struct AttestedCredential: Equatable, Sendable {
    /// 16 bytes that name the model of the authenticator, often zero.
    package let aaguid: [UInt8]
    /// At most 1023 bytes.
    package let id: [UInt8]
    /// The key as a COSE_Key: its bytes, and their value.
    package let publicKey: [UInt8]
    let key: CBOR
  }

  /// The most bytes of a credential's identifier (section 7.1).
  package static var maximumIDLength: Int { 1023 }

  /// SHA-256 of the relying party identifier.
  package let relyingPartyIDHash: [UInt8]
  package let flags: Flags
  package let signatureCounter: UInt32
  package let attested: AttestedCredential?

  /// `nil` for bytes of another form, and if bytes follow. Extensions are skipped.
  package init?(_ bytes: [UInt8]) {
    let header = ByteReader.reading(bytes) { reader -> (hash: [UInt8], flags: Flags, counter: UInt32)? in
      guard let hash = reader.bytes(32), let flags = reader.integer(UInt8.self),
        let counter = reader.integer(UInt32.self)
      else { return nil }
      return (hash, Flags(rawValue: flags), counter)
    }
    guard let header else { return nil }
    (relyingPartyIDHash, flags, signatureCounter) = (header.hash, header.flags, header.counter)
    var rest = bytes[37...]
    if flags.contains(.attested) {
      guard let credential = Self.credential(&rest) else { return nil }
      attested = credential
    } else {
      attested = nil
    }
    if flags.contains(.extensions) {
      guard let (value, behind) = CBOR.first(in: rest), case .map = value else { return nil }
      rest = behind
    }
    guard rest.isEmpty else { return nil }
  }

  /// Takes a credential from the start of `rest`.
  private static func credential(_ rest: inout Bytes) -> AttestedCredential? {
    guard rest.count >= 18 else { return nil }
    let aaguid = Array(rest.prefix(16))
    let length = rest.dropFirst(16).prefix(2).reduce(0) { $0 << 8 | Int($1) }
    rest = rest.dropFirst(18)
    guard (1...maximumIDLength).contains(length), rest.count >= length else { return nil }
    let id = Array(rest.prefix(length))
    rest = rest.dropFirst(length)
    guard let (key, behind) = CBOR.first(in: rest) else { return nil }
    let form = Array(rest.prefix(rest.count - behind.count))
    rest = behind
    return AttestedCredential(aaguid: aaguid, id: id, publicKey: form, key: key)
  }
}
