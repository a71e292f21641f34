package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

/// How administrators find a person.
package enum Search {
  /// The account that signs in with a username; `nil` if there is none.
  package static func account(username: Bytes, _ context: Context) throws -> Account? {
    let hashes = TypedUsername(username, context.configuration).hashes(context.secrets)
    return try context.read { try $0.account(usernameHashes: hashes) }
  }

  /// The accounts that a text names as identifier, as username or as contact address: first these two accounts,
  /// then those with the address, newest first. Each is there once.
  ///
  /// - Parameters:
  ///   - text: as typed. Spaces around it don't count.
  ///   - limit: the maximum number of accounts with the address. `AccountList.contact` lists them all.
  package static func accounts(matching text: Bytes, _ context: Context, limit: Int = 100) throws -> [Account]
  {
    let words = text.trimmed
    guard !words.isEmpty else { return [] }
    let address = ContactAddress(String(decoding: words, as: UTF8.self))
    let named = try [
      AccountID(words).flatMap { id in try context.read { try $0.account(id) } },
      account(username: text, context), account(username: words, context),
    ]
    let contacts = try context.read { try $0.accounts(.contact(address), limit: limit) }
    var seen: Set<AccountID> = []
    return (named.compactMap(\.self) + contacts).filter { seen.insert($0.accountid).inserted }
  }
}

extension Bytes {
  /// Without white space and control characters of ASCII around it.
  fileprivate var trimmed: Bytes {
    func isOuter(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0x7F }
    guard let last = lastIndex(where: { !isOuter($0) }) else { return [] }
    return self[...last].drop(while: isOuter)
  }
}
