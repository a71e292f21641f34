package import DashboardCrypto
package import DashboardRecords
import DashboardWireFormat

/// Secrets of authenticator apps (TOTP, RFC 6238).
package enum AuthenticatorApps {
  /// In bytes: as long as the hash (RFC 4226 section 4, R6).
  package static let secretLength = 20

  /// A new authenticator with its secret.
  package static func new(
    of account: AccountID, _ app: App, _ random: some RandomSource, at now: Timestamp
  ) -> (authenticator: Factors.Authenticator, secret: [UInt8]) {
    let secret = random.bytes(secretLength)
    return (Factors.Authenticator(secret: app.seal(secret, of: account, random), createdAt: now), secret)
  }

  /// What an app reads from a QR code (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).
  ///
  /// - Parameters:
  ///   - issuer: the site's name.
  ///   - label: the account's name for its holder.
  package static func uri(secret: [UInt8], issuer: String, label: String) -> String {
    // A colon would end the issuer.
    func encoded(_ text: String) -> String {
      let text = Array(text.utf8.filter { $0 != UInt8(ascii: ":") })
      return PercentEncoding.encode(text[...]).split(separator: "/", omittingEmptySubsequences: false)
        .joined(separator: "%2F")
    }
    let (issuer, label) = (encoded(issuer), encoded(label))
    return "otpauth://totp/\(issuer):\(label)?secret=\(Base32.text(secret))&issuer=\(issuer)"
  }
}

extension App {
  fileprivate func seal(_ secret: [UInt8], of account: AccountID, _ random: some RandomSource) -> [UInt8] {
    secrets.seal(secret, .authenticator, app: name, account: account, random: random)
  }

  /// The secret of an authenticator; `nil` if it can't be opened with the app's keys.
  package func secret(of authenticator: Factors.Authenticator, _ account: AccountID) -> [UInt8]? {
    secrets.open(authenticator.secret, .authenticator, app: name, account: account)
  }

  /// The authenticator after a code was used, with its secret sealed by the current keys; `nil` if the code is wrong or was used.
  ///
  /// - Parameter code: six digits in ASCII.
  package func use(
    code: [UInt8], of authenticator: Factors.Authenticator, _ account: AccountID, at now: Timestamp,
    _ random: some RandomSource
  ) -> Factors.Authenticator? {
    guard let secret = secret(of: authenticator, account),
      let step = OneTimePassword.matchingStep(
        code: code, secret: secret, time: now.seconds, lastStep: authenticator.lastStep)
    else { return nil }
    return Factors.Authenticator(
      secret: seal(secret, of: account, random), createdAt: authenticator.createdAt, lastStep: step)
  }
}
