import DashboardCrypto
import DashboardRecords
import DashboardRouting
import DashboardWireFormat
import TestSupport

/// A person's authenticator app.
struct AuthenticatorApp: Sendable {
  let secret: [UInt8]

  /// - Parameter text: the secret as the API shows it.
  init(_ text: String) throws {
    guard let secret = Base32.bytes(Array(text.utf8)[...]) else { throw TestFailure("no secret: \(text)") }
    self.secret = secret
  }

  init(_ proposed: AuthenticatorSecret) throws { try self.init(proposed.secret) }

  /// The code of a step.
  ///
  /// - Parameters:
  ///   - steps: of 30 seconds, later than `time`.
  ///   - time: `nil` for now.
  func code(_ steps: Int64 = 0, at time: Timestamp? = nil) -> String {
    let time = (time ?? SystemClock().now()).seconds + 30 * steps
    return String(
      decoding: OneTimePassword.code(secret: secret, step: OneTimePassword.step(at: time)), as: UTF8.self)
  }

  /// A recovery code of the right form that no account has.
  static let wrongCode = "AAAA-AAAA-AAAA-AAAA"
}
