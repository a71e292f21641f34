import DashboardCrypto

/// A contact address as people compare it: without regard to capitals, before and after the `@`.
///
/// RFC 5321 (section 2.4) lets a mail server tell `Ada@` from `ada@`. People don't, and an administrator types either.
package struct ContactAddress: Hashable, Sendable {
  /// SHA-256 of the address in lower case, 32 bytes.
  ///
  /// It is stored in an index. Later versions of Unicode keep the case pairs of assigned characters (Unicode Character
  /// Encoding Stability Policies), so it stays the same.
  package let hash: [UInt8]

  package init(_ text: String) { hash = Hash.sha256(Array(text.lowercased().utf8)) }
}
