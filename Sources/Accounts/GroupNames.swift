package import DashboardWireFormat

package enum GroupError: String, RuleError {
  case malformed = "groups-malformed"
}

/// Lists of groups as administrators type them.
package enum GroupNames {
  /// The most groups of one account.
  package static let most = 64
  /// The most characters of a name.
  private static let longest = 32

  /// Reads names that are separated by commas, with blanks around them. An empty text is an empty list.
  ///
  /// - Returns: the names in ascending order, each once.
  /// - Throws: `GroupError.malformed` if a name is empty, is too long, or has other characters than `a`…`z`, digits and
  ///   `-`, or if there are too many.
  package static func parse(_ text: Bytes) throws(GroupError) -> [String] {
    var names: Set<String> = []
    var rest = text.trimmingWhitespace()
    if rest.isEmpty { return [] }
    // Not `split`, which would make a list of all commas of a long text.
    while true {
      let part = rest.prefix { $0 != UInt8(ascii: ",") }
      guard let name = name(part.trimmingWhitespace()) else { throw .malformed }
      names.insert(name)
      guard names.count <= most else { throw .malformed }
      if part.endIndex == rest.endIndex { return names.sorted() }
      rest = rest[part.endIndex...].dropFirst()
    }
  }

  /// The name in a text; `nil` if no group can have it.
  package static func name(_ text: Bytes) -> String? {
    guard (1...longest).contains(text.count), text.allSatisfy(isAllowed) else { return nil }
    return String(decoding: text, as: UTF8.self)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
