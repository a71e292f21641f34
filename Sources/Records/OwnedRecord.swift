/// What belongs to one account of an app.
package protocol OwnedRecord: Sendable {
  associatedtype Kind: IdentifierKind

  var id: Identifier<Kind> { get }
  var accountid: AccountID { get }
  /// The place of its creation among everything in the store.
  var sequence: UInt64 { get }
}
