/// What belongs to one account of an app.
package protocol OwnedRecord: Sendable {
  associatedtype Kind: IdentifierKind

  /// Given by the store when the record is inserted.
  var id: Identifier<Kind> { get set }
  var accountid: AccountID { get }
  /// Its place in the order of creation over the whole store. Given by the store when the record is inserted.
  var sequence: UInt64 { get set }
  var createdAt: Timestamp { get }
}
