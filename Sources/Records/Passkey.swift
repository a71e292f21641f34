import DashboardCrypto
package import DashboardWireFormat

/// A passkey: a key pair in a phone, a computer or a security key, which signs its account in (WebAuthn Level 3).
public struct Passkey: Hashable, Sendable, CustomStringConvertible {
  public package(set) var passkeyid: PasskeyID
  public let appid: AppName
  public let accountid: AccountID
  /// What its holder calls it.
  public let name: String
  public let createdAt: Timestamp
  /// When it last signed in, or proved the account; `nil` before the first time.
  public package(set) var lastUsedAt: Timestamp?
  /// True if it is stored in more than one place, such as in a password manager.
  public package(set) var isBackedUp: Bool
  /// How a browser reaches it, such as `internal`, `hybrid` or `usb`.
  public let transports: [String]

  /// The identifier: no other field belongs in logs.
  public var description: String { passkeyid.description }

  // Never returned by any route:

  package var sequence: UInt64
  /// 1 to 1023 bytes.
  package let credentialID: [UInt8]
  /// A COSE_Key.
  package let publicKey: [UInt8]
  package var signatureCounter: UInt32
  /// True if it can be backed up. It never changes.
  package let isBackupEligible: Bool
  /// The host name for which it was made.
  package let relyingPartyID: String

  package init(
    passkeyid: PasskeyID = .unassigned, appid: AppName, accountid: AccountID, sequence: UInt64 = 0,
    name: String, credentialID: [UInt8], publicKey: [UInt8], signatureCounter: UInt32,
    isBackupEligible: Bool, isBackedUp: Bool, transports: [String], relyingPartyID: String,
    createdAt: Timestamp
  ) {
    self.passkeyid = passkeyid
    self.appid = appid
    self.accountid = accountid
    self.sequence = sequence
    self.name = name
    self.credentialID = credentialID
    self.publicKey = publicKey
    self.signatureCounter = signatureCounter
    self.isBackupEligible = isBackupEligible
    self.isBackedUp = isBackedUp
    self.transports = transports
    self.relyingPartyID = relyingPartyID
    self.createdAt = createdAt
  }

  /// The hash by which a passkey is found.
  package static func lookupHash(of credentialID: [UInt8]) -> [UInt8] { Hash.sha512(credentialID) }
}

extension Passkey: OwnedRecord {
  package static let kind = OwnedKind(
    Passkey.self, number: 12, records: "passkeys", ofAccount: "passkeys-of-account",
    byAge: "passkeys-by-age", hashIndex: "passkeys-by-credential", isFoundInApp: true)

  package var id: PasskeyID {
    get { passkeyid }
    set { passkeyid = newValue }
  }
  package var lookupHash: [UInt8]? { Self.lookupHash(of: credentialID) }
}

extension Passkey: ByteCodable {
  private static let form: UInt8 = 1

  package func encode(into writer: inout ByteWriter) {
    writer.append(Self.form)
    writer.append(passkeyid.rawValue)
    writer.append(text: appid.description)
    writer.append(accountid.rawValue)
    writer.append(sequence)
    writer.append(text: name)
    writer.append(counted: credentialID)
    writer.append(counted: publicKey)
    writer.append(signatureCounter)
    writer.append((isBackupEligible ? 1 : 0) | (isBackedUp ? 2 : 0) as UInt8)
    writer.append(UInt8(clamping: transports.count))
    for transport in transports { writer.append(text: transport) }
    writer.append(text: relyingPartyID)
    writer.append(createdAt.milliseconds)
    writer.append(optional: lastUsedAt?.milliseconds)
  }

  package init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard reader.integer(UInt8.self) == Self.form, let id: PasskeyID = reader.identifier(),
      let app = reader.app(), let accountid: AccountID = reader.identifier(),
      let sequence = reader.integer(UInt64.self), let name = reader.text(),
      let credential = reader.countedBytes(), let key = reader.countedBytes(),
      let counter = reader.integer(UInt32.self), let flags = reader.integer(UInt8.self),
      let count = reader.integer(UInt8.self)
    else { throw UnreadableBytes() }
    var transports: [String] = []
    for _ in 0..<count {
      guard let transport = reader.text() else { throw UnreadableBytes() }
      transports.append(transport)
    }
    guard let relyingParty = reader.text(), let createdAt = reader.time(), let lastUse = reader.optional()
    else { throw UnreadableBytes() }
    self.init(
      passkeyid: id, appid: app, accountid: accountid, sequence: sequence, name: name,
      credentialID: credential, publicKey: key, signatureCounter: counter,
      isBackupEligible: flags & 1 != 0, isBackedUp: flags & 2 != 0, transports: transports,
      relyingPartyID: relyingParty, createdAt: createdAt)
    lastUsedAt = lastUse.map { Timestamp(milliseconds: $0) }
  }
}
