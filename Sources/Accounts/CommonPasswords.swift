import DashboardSystem

/// The most common passwords, which attackers try first (NIST SP 800-63B section 5.1.1.2).
package enum CommonPasswords {
  /// True if the password is in the list. ASCII case is ignored.
  package static func contain(_ password: some Collection<UInt8>) -> Bool {
    guard lengths.contains(password.count) else { return false }
    let lowered = password.map { $0.asciiLowercased }
    return words.contains(lowered[...])
  }

  // Created when the first password is checked.
  private static let words: Set<ArraySlice<UInt8>> = {
    let bytes = list.withUTF8Buffer { unsafe Array($0) }
    return Set(bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") })
  }()

  private static let lengths = 1...32
}
