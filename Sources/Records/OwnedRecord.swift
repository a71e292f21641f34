package import DashboardWireFormat

/// A record that belongs to one account of an app. A new kind needs a type, its `OwnedKind`, and a line in `OwnedKind.all`: lists, counts,
/// removal, sweep and check follow.
package protocol OwnedRecord: ByteCodable, Sendable {
  associatedtype Kind: IdentifierKind

  static var kind: OwnedKind { get }

  /// Given by the store when the record is inserted.
  var id: Identifier<Kind> { get set }
  var accountid: AccountID { get }
  /// Its place in the order of creation over the whole store. Given by the store when the record is inserted.
  var sequence: UInt64 { get set }
  var createdAt: Timestamp { get }
  /// When the sweep may remove it; `nil` leaves that to its account's removal. It must not change. Needs `OwnedKind.dueIndex`.
  var dueAt: Timestamp? { get }
  /// 64 bytes by which it is found among those of its account; `nil` if it is not. They must not change. Needs `OwnedKind.hashIndex`.
  var lookupHash: [UInt8]? { get }
}

extension OwnedRecord {
  package var dueAt: Timestamp? { nil }
  package var lookupHash: [UInt8]? { nil }
}

/// A kind of owned records, as the store keeps it.
package final class OwnedKind: Sendable {
  /// The names of its tables: the records, their order within an account, their order within an app.
  private let names: (records: StaticString, ofAccount: StaticString, byAge: StaticString)
  /// Stored with its counts: unique, and never used again for another kind.
  package let number: UInt8
  /// The name of the index of `dueAt`; `nil` if its records are never due.
  package let dueIndex: StaticString?
  /// The name of the index of `lookupHash`; `nil` if its records are not found by a hash.
  package let hashIndex: StaticString?
  /// True if its records stay for SESSION_RETENTION after they are due.
  package let isRetained: Bool
  /// Reads a record of the kind where its type is not known.
  package let decode: @Sendable (inout ByteReader) throws(UnreadableBytes) -> any OwnedRecord

  package init<Record: OwnedRecord>(
    _: Record.Type, number: UInt8, records: StaticString, ofAccount: StaticString, byAge: StaticString,
    dueIndex: StaticString? = nil, hashIndex: StaticString? = nil, isRetained: Bool = false
  ) {
    names = (records, ofAccount, byAge)
    self.number = number
    self.dueIndex = dueIndex
    self.hashIndex = hashIndex
    self.isRetained = isRetained
    decode = { reader throws(UnreadableBytes) in try Record(decoding: &reader) }
  }

  package var recordsName: StaticString { names.records }
  package var ofAccountName: StaticString { names.ofAccount }
  package var byAgeName: StaticString { names.byAge }

  /// The kinds of records that accounts own.
  package static let all: [OwnedKind] = [Session.kind, Profile.kind, ResetCode.kind]
}

extension Session {
  package static let kind = OwnedKind(
    Session.self, number: 3, records: "sessions", ofAccount: "sessions-of-account", byAge: "sessions-by-age",
    dueIndex: "expiries", isRetained: true)

  package var dueAt: Timestamp? { expiresAt }
}

extension Profile {
  package static let kind = OwnedKind(
    Profile.self, number: 4, records: "profiles", ofAccount: "profiles-of-account", byAge: "profiles-by-age")
}

extension ResetCode {
  package static let kind = OwnedKind(
    ResetCode.self, number: 5, records: "reset-codes", ofAccount: "reset-codes-of-account",
    byAge: "reset-codes-by-age", hashIndex: "reset-codes-by-hash")

  package var lookupHash: [UInt8]? { secretCodeHash }
}
