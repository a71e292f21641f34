package import DashboardWireFormat

/// A record that belongs to one account of an app.
///
/// A new kind needs a type, an `OwnedKind` and an entry in `OwnedKind.all`. Lists, counts, removal, sweep and
/// check then work for it.
package protocol OwnedRecord: ByteCodable, Sendable {
  associatedtype Kind: IdentifierKind

  static var kind: OwnedKind { get }

  /// Assigned by the store when the record is inserted.
  var id: Identifier<Kind> { get set }
  var appid: AppName { get }
  var accountid: AccountID { get }
  /// Its place in the order of creation over the whole store. Assigned by the store when the record is
  /// inserted.
  var sequence: UInt64 { get set }
  var createdAt: Timestamp { get }
  /// When the sweep may remove the record; `nil` if only the removal of its account does. It must not change.
  /// Needs `OwnedKind.dueIndex`.
  var dueAt: Timestamp? { get }
  /// 64 bytes by which the record is found, within its account or in the whole app (`OwnedKind.isFoundInApp`);
  /// `nil` if it is not found by a hash. It must not change. Needs `OwnedKind.hashIndex`.
  var lookupHash: [UInt8]? { get }
  /// 32 bytes by which the record is found in the whole app; `nil` if it is not found by them. It may change.
  /// Needs `OwnedKind.searchIndex`.
  var searchHash: [UInt8]? { get }
}

extension OwnedRecord {
  package var dueAt: Timestamp? { nil }
  package var lookupHash: [UInt8]? { nil }
  package var searchHash: [UInt8]? { nil }
}

/// How the store keeps one kind of owned records.
package final class OwnedKind: Sendable {
  /// The names of its tables: the records, the records of an account by age, the records of an app by age.
  private let names: (records: StaticString, ofAccount: StaticString, byAge: StaticString)
  /// Stored with its counts. It must be unique and must never be reused for another kind.
  package let number: UInt8
  /// The name of the index of `dueAt`; `nil` if its records are never due.
  package let dueIndex: StaticString?
  /// The name of the index of `lookupHash`; `nil` if its records are not found by a hash.
  package let hashIndex: StaticString?
  /// True if a hash finds a record without its account.
  package let isFoundInApp: Bool
  /// The name of the index of `searchHash`; `nil` if its records are not searched for.
  package let searchIndex: StaticString?
  /// True if due records stay for another SESSION_RETENTION.
  package let isRetained: Bool
  /// Decodes a record where the type is not known statically.
  package let decode: @Sendable (inout ByteReader) throws(UnreadableBytes) -> any OwnedRecord

  package init<Record: OwnedRecord>(
    _: Record.Type, number: UInt8, records: StaticString, ofAccount: StaticString, byAge: StaticString,
    dueIndex: StaticString? = nil, hashIndex: StaticString? = nil, isFoundInApp: Bool = false,
    searchIndex: StaticString? = nil, isRetained: Bool = false
  ) {
    names = (records, ofAccount, byAge)
    self.number = number
    self.dueIndex = dueIndex
    self.hashIndex = hashIndex
    self.isFoundInApp = isFoundInApp
    self.searchIndex = searchIndex
    self.isRetained = isRetained
    decode = { reader throws(UnreadableBytes) in try Record(decoding: &reader) }
  }

  package var recordsName: StaticString { names.records }
  package var ofAccountName: StaticString { names.ofAccount }
  package var byAgeName: StaticString { names.byAge }

  /// The kinds of records that accounts own.
  package static let all: [OwnedKind] = [
    Session.kind, Profile.kind, ResetCode.kind, Invitation.kind, AccountEvent.kind, Passkey.kind,
  ]
}

extension Session {
  package static let kind = OwnedKind(
    Session.self, number: 3, records: "sessions", ofAccount: "sessions-of-account", byAge: "sessions-by-age",
    dueIndex: "expiries", isRetained: true)

  package var dueAt: Timestamp? { expiresAt }
}

extension Profile {
  package static let kind = OwnedKind(
    Profile.self, number: 4, records: "profiles", ofAccount: "profiles-of-account", byAge: "profiles-by-age",
    searchIndex: "profiles-by-contact")

  package var searchHash: [UInt8]? { values[.contactEmail].map { ContactAddress($0).hash } }
}

extension ResetCode {
  package static let kind = OwnedKind(
    ResetCode.self, number: 5, records: "reset-codes", ofAccount: "reset-codes-of-account",
    byAge: "reset-codes-by-age", hashIndex: "reset-codes-by-hash")

  package var lookupHash: [UInt8]? { secretCodeHash }
}
