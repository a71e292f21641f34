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
