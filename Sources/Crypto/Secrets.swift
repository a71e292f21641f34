import DashboardWireFormat
import Synchronization

/// The secrets that are mixed into hashes. An attacker who has only the data file can't test passwords.
package final class Secrets: Sendable, CustomStringConvertible {
  /// DASHBOARD_ENCRYPTION_KEY.
  package let encryption: String
  /// DASHBOARD_SESSION_KEY.
  package let session: String
  /// The previous secrets, which still verify older hashes: one element or none.
  package let previous: [Secrets]
  /// A hash that identifies these secrets without revealing them. It is safe to store.
  package let fingerprint: [UInt8]
  /// The suffix of every hashed text: `:KEY`.
  private let ending: [UInt8]
  /// The suffix of every hashed token: `/SESSION_KEY:KEY`.
  package let tokenEnding: [UInt8]
  private let madeSealKey = Mutex<[UInt8]?>(nil)

  package init(encryption: String, session: String, previous: Secrets? = nil) {
    self.encryption = encryption
    self.session = session
    self.previous = previous.map { [$0] } ?? []
    ending = [UInt8(ascii: ":")] + encryption.utf8
    tokenEnding = [UInt8(ascii: "/")] + session.utf8 + ending
    fingerprint = Hash.sha256("dashboard-keys".utf8 + ending + [UInt8(ascii: ":")] + session.utf8)
  }

  /// The current secrets, then the previous ones.
  package var all: [Secrets] { [self] + previous }

  package var description: String { "Secrets(hidden)" }

  /// The key of sealed values, 32 bytes. Made when it is first used, because most CGI processes need none.
  var sealKey: [UInt8] {
    madeSealKey.withLock { made in
      let key = made ?? Self.sealKey(encryption)
      made = key
      return key
    }
  }

  /// SHA-512 of `text:KEY`, 64 bytes.
  ///
  /// In Node.js: `createHash('sha512').update(`${text}:${key}`).digest()`.
  package func hash(_ text: some Sequence<UInt8>) -> [UInt8] {
    hash(Array(text))
  }

  private func hash(_ text: consuming [UInt8]) -> [UInt8] {
    text.append(contentsOf: ending)
    return Hash.sha512(text)
  }

  /// The hash of a text by the current secrets, then by the previous ones.
  package func hashes(_ text: some Sequence<UInt8>) -> [[UInt8]] { all.map { $0.hash(text) } }

  /// The input of bcrypt and Argon2id: SHA-256 of `password` + `KEY`, in hexadecimal.
  ///
  /// bcrypt ignores bytes after the 72nd and stops at a zero byte. The prehash makes every byte count.
  func prehash(_ password: some Sequence<UInt8>) -> String {
    Hexadecimal.text(Hash.sha256(Array(password) + Array(encryption.utf8)))
  }
}
