package import DashboardWireFormat

/// What most accounts do not have: what administrators have decided about it, what only some sites keep of it, and second factors.
package struct Membership: Hashable, Sendable {
  package struct Suspension: Hashable, Sendable {
    package let at: Timestamp
    /// For administrators; at most 256 Unicode scalars.
    package let reason: String
    /// The administrator; `nil` for an operator.
    package let by: AccountID?

    package init(at: Timestamp, reason: String, by: AccountID?) {
      self.at = at
      self.reason = reason
      self.by = by
    }
  }

  package var suspension: Suspension?
  /// Names in ascending order, each at most once.
  package var groups: [String] = []
  /// Until when a person can choose the first password of an account that an administrator made; `nil` if one was chosen.
  package var passwordDueAt: Timestamp?
  /// Only the answer that makes an account for another person has it. Not stored.
  package var secretCode: String?
  /// The prepared username, sealed; `nil` without KEEP_USERNAMES.
  package var sealedUsername: [UInt8]?
  /// `nil` without a second factor. Stored by the account's form, and not by the membership's.
  package var factors: Factors?
  /// Only an answer for the account's holder or for an administrator has it. Not stored.
  package var username: String?

  package init() {}

  /// True if an account needs no membership to hold this.
  fileprivate var isEmpty: Bool { self == Membership() }
}

extension Account {
  /// Changes what the account's membership holds.
  package mutating func changeMembership(_ change: (inout Membership) -> Void) {
    var changed = membership ?? Membership()
    change(&changed)
    membership = changed.isEmpty ? nil : changed
  }

  /// The prepared username. Only an endpoint's answer has it, and only with KEEP_USERNAMES, for an account that registered or
  /// signed in since that was set.
  public var username: String? { membership?.username }
  /// When an administrator suspended it; `nil` if it is not suspended.
  public var suspendedAt: Timestamp? { membership?.suspension?.at }
  /// What administrators have noted about the suspension; `nil` if it is not suspended or has no note.
  public var suspensionReason: String? {
    membership?.suspension.flatMap { $0.reason.isEmpty ? nil : $0.reason }
  }
  public var groups: [String] { membership?.groups ?? [] }
  /// Until when the holder can choose the first password; `nil` if one was chosen.
  package var passwordDueAt: Timestamp? { membership?.passwordDueAt }
  /// False while an account that an administrator made waits for its first password.
  public var passwordSet: Bool { membership?.passwordDueAt == nil }

  /// The code with which its holder chooses the first password. Only the response that creates an account for another person
  /// has it.
  public var secretCode: String? { membership?.secretCode }

  /// True if what the account makes for others counts, such as reset codes: it is an administrator's, and neither suspended nor
  /// scheduled for deletion.
  package var actsForOthers: Bool { isAdministrator && suspendedAt == nil && deletedAt == nil }
}

extension Membership: ByteCodable {
  package func encode(into writer: inout ByteWriter) {
    writer.append(optional: suspension?.at.milliseconds)
    if let suspension {
      writer.append(text: suspension.reason)
      writer.append(optional: suspension.by.map { Int64(bitPattern: $0.rawValue) })
    }
    writer.append(UInt8(clamping: groups.count))
    for group in groups { writer.append(text: group) }
    writer.append(optional: passwordDueAt?.milliseconds)
    writer.append(counted: sealedUsername ?? [])
  }

  package init(decoding reader: inout ByteReader) throws(UnreadableBytes) {
    guard let suspendedAt = reader.optional() else { throw UnreadableBytes() }
    if let suspendedAt {
      guard let reason = reader.text(), let by = reader.optional() else { throw UnreadableBytes() }
      suspension = Suspension(
        at: Timestamp(milliseconds: suspendedAt), reason: reason,
        by: by.map { AccountID(rawValue: UInt64(bitPattern: $0)) })
    }
    guard let count = reader.integer(UInt8.self) else { throw UnreadableBytes() }
    for _ in 0..<count {
      guard let group = reader.text() else { throw UnreadableBytes() }
      groups.append(group)
    }
    guard let due = reader.optional(), let username = reader.countedBytes() else { throw UnreadableBytes() }
    passwordDueAt = due.map { Timestamp(milliseconds: $0) }
    sealedUsername = username.isEmpty ? nil : username
  }
}
