import DashboardWireFormat

/// The keys that hashes are made with. Whoever has the data file but not these can't try passwords.
package final class Secrets: Sendable, CustomStringConvertible {
  /// DASHBOARD_ENCRYPTION_KEY.
  package let encryption: String
  /// DASHBOARD_SESSION_KEY.
  package let session: String
  /// Those before them, which what was made earlier is still read with: one or none.
  package let previous: [Secrets]
  /// Tells these keys from others without telling them: safe to store.
  package let fingerprint: [UInt8]
  /// What is hashed after everything else: `:KEY`, and of a token `/SESSION_KEY:KEY`.
  private let ending: [UInt8]
  package let tokenEnding: [UInt8]

  package init(encryption: String, session: String, previous: Secrets? = nil) {
    self.encryption = encryption
    self.session = session
    self.previous = previous.map { [$0] } ?? []
    // Bytes, for CGI's sake (CONTRIBUTING.md).
    ending = [UInt8(ascii: ":")] + encryption.utf8
    tokenEnding = [UInt8(ascii: "/")] + session.utf8 + ending
    fingerprint = Hash.sha256("dashboard-keys".utf8 + ending + [UInt8(ascii: ":")] + session.utf8)
  }

  /// These keys, and those before them.
  package var all: [Secrets] { [self] + previous }

  package var description: String { "Secrets(hidden)" }

  /// SHA-512 hex of `text:KEY`, as bytes.
  ///
  /// Compared by value elsewhere; the text form is `createHash('sha512').update(`${text}:${key}`).digest('hex')`.
  package func hash(_ text: some Sequence<UInt8>) -> [UInt8] {
    hash(Array(text))
  }

  private func hash(_ text: consuming [UInt8]) -> [UInt8] {
    text.append(contentsOf: ending)
    return Hash.sha512(text)
  }

  /// The hash of these keys, and those of the keys before them.
  package func hashes(_ text: some Sequence<UInt8>) -> [[UInt8]] { all.map { $0.hash(text) } }

  /// What bcrypt is given: the SHA-256 hex of `password` + `KEY`, so that every byte of a long password counts and
  /// none can end it.
  func prehash(_ password: some Sequence<UInt8>) -> String {
    Hexadecimal.text(Hash.sha256(Array(password) + Array(encryption.utf8)))
  }
}
