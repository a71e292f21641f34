/// How the caller of a session has proven who it is.
package struct AuthenticationMethods: OptionSet, Hashable, Sendable {
  /// Stored, with its highest bit for another purpose.
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let password = AuthenticationMethods(rawValue: 1)
  /// A code of an authenticator app.
  package static let totp = AuthenticationMethods(rawValue: 2)
  package static let recoveryCode = AuthenticationMethods(rawValue: 4)
  package static let passkey = AuthenticationMethods(rawValue: 8)

  /// True if the caller has proven more than a password.
  package var includesFactor: Bool { !isDisjoint(with: [.totp, .recoveryCode, .passkey]) }
}

extension AuthenticationMethods {
  /// The names of the methods, such as `password totp`.
  package var words: StaticString {
    // Literals, since each request of a guarded application asks.
    switch (contains(.password), contains(.totp), contains(.passkey), contains(.recoveryCode)) {
    case (true, false, false, false): "password"
    case (true, true, false, false): "password totp"
    case (true, false, true, false): "password passkey"
    case (false, _, true, _): "passkey"
    case (true, true, true, false): "password totp passkey"
    case (true, false, false, true): "password recovery-code"
    case (true, true, false, true): "password totp recovery-code"
    case (true, false, true, true): "password passkey recovery-code"
    case (true, true, true, true): "password totp passkey recovery-code"
    case (false, _, false, _): ""
    }
  }
}
