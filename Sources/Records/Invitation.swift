package import DashboardWireFormat

/// The right to register, which an administrator gives to the holders of its code.
public struct Invitation: Hashable, Sendable, CustomStringConvertible {
  public package(set) var invitationid: InvitationID
  public let appid: AppName
  /// The administrator's account that made it.
  public let accountid: AccountID
  /// How many accounts can be registered with it.
  public let uses: Int
  /// How many accounts were registered with it.
  public package(set) var used: Int
  /// When it expires. At exactly this moment it no longer counts, and the sweep removes it.
  public let expiresAt: Timestamp
  /// The groups of accounts that register with it, in ascending order.
  public let groups: [String]
  /// For administrators; empty if it has none.
  public let note: String
  public let createdAt: Timestamp
  public package(set) var updatedAt: Timestamp
  /// The secret that registers. Only the response that creates the invitation has it.
  public package(set) var code: String?

  /// The identifier: no other field of an invitation belongs in logs.
  public var description: String { invitationid.description }

  // Never returned by any route:

  /// Its place in the order of creation over the whole store.
  package var sequence: UInt64
  /// SHA-512 of `code:KEY`, 64 bytes.
  package let codeHash: [UInt8]

  package init(
    invitationid: InvitationID = .unassigned, appid: AppName, accountid: AccountID, sequence: UInt64 = 0,
    codeHash: [UInt8], uses: Int, used: Int = 0, expiresAt: Timestamp, groups: [String], note: String,
    createdAt: Timestamp
  ) {
    self.invitationid = invitationid
    self.appid = appid
    self.accountid = accountid
    self.sequence = sequence
    self.codeHash = codeHash
    self.uses = uses
    self.used = used
    self.expiresAt = expiresAt
    self.groups = groups
    self.note = note
    self.createdAt = createdAt
    updatedAt = createdAt
  }

  /// True if it expired, all its uses are used up, or it was created while the clock was ahead.
  package func hasEnded(at now: Timestamp) -> Bool {
    now >= expiresAt || used >= uses || createdAt.isAhead(of: now)
  }
}

extension Invitation: OwnedRecord {
  package static let kind = OwnedKind(
    Invitation.self, number: 8, records: "invitations", ofAccount: "invitations-of-account",
    byAge: "invitations-by-age", dueIndex: "invitations-by-expiry", hashIndex: "invitations-by-hash",
    isFoundInApp: true)

  package var id: InvitationID {
    get { invitationid }
    set { invitationid = newValue }
  }
  package var dueAt: Timestamp? { expiresAt }
  package var lookupHash: [UInt8]? { codeHash }
}

extension Invitation: ByteCodable {
  private static let form: UInt8 = 1

  package func encode(into writer: inout ByteWriter) {
    writer.append(Self.form)
    writer.append(invitationid.rawValue)
    writer.append(text: appid.description)
    writer.append(accountid.rawValue)
    writer.append(sequence)
    writer.append(bytes: codeHash)
    writer.append(UInt16(clamping: uses))
    writer.append(UInt16(clamping: used))
    writer.append(expiresAt.milliseconds)
    writer.append(UInt8(clamping: groups.count))
    for group in groups { writer.append(text: group) }
    writer.append(text: note)
    writer.append(createdAt.milliseconds)
    writer.append(updatedAt.milliseconds)
  }

  package init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard reader.integer(UInt8.self) == Self.form,
      let id: InvitationID = reader.identifier(), let app = reader.app(),
      let accountid: AccountID = reader.identifier(), let sequence = reader.integer(UInt64.self),
      let hash = reader.bytes(64), let uses = reader.integer(UInt16.self),
      let used = reader.integer(UInt16.self), let expiresAt = reader.time(),
      let count = reader.integer(UInt8.self)
    else { throw UnreadableBytes() }
    var groups: [String] = []
    for _ in 0..<count {
      guard let group = reader.text() else { throw UnreadableBytes() }
      groups.append(group)
    }
    guard let note = reader.text(), let createdAt = reader.time(), let updatedAt = reader.time() else {
      throw UnreadableBytes()
    }
    self.init(
      invitationid: id, appid: app, accountid: accountid, sequence: sequence, codeHash: hash,
      uses: Int(uses), used: Int(used), expiresAt: expiresAt, groups: groups, note: note,
      createdAt: createdAt)
    self.updatedAt = updatedAt
  }
}
