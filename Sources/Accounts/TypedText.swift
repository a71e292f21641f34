import DashboardCrypto
import DashboardSettings
import DashboardUnicode
package import DashboardWireFormat

/// A username as a person typed it, with its prepared form.
struct TypedUsername {
  let typed: Bytes
  /// True if the name may be chosen, or is only too long. No account is looked up by the prepared form of another name.
  let isWellFormed: Bool
  /// The form in which a chosen username is stored, and an unknown one counted.
  let stored: Bytes

  init(_ typed: Bytes, _ configuration: AppConfiguration) {
    self.typed = typed
    let isShort = isPreparable(typed, configuration.usernameLength.upperBound)
    // Its length refuses a long one: it counts as typed.
    isWellFormed = !isShort || Preparation.isUsername(typed)
    stored = isShort && configuration.preparesUsernames ? Preparation.username(typed)[...] : typed
  }

  /// The hashes to look the account up by, in this order: of the bytes as typed, then of the prepared form,
  /// each by the current and the previous secrets.
  func hashes(_ secrets: Secrets) -> [[UInt8]] {
    isWellFormed ? countedHashes(secrets) : secrets.hashes(typed)
  }

  /// The hashes to look up the account whose attempts are counted.
  ///
  /// An ill-formed name counts for the account of its prepared form. With a counter of its own it would tell
  /// whether that account exists, in spite of CONCEAL_ACCOUNTS.
  func countedHashes(_ secrets: Secrets) -> [[UInt8]] {
    secrets.hashes(typed) + (stored != typed ? secrets.hashes(stored) : [])
  }

  /// The hash by which the attempts of an unknown username are counted.
  func unknownHash(_ secrets: Secrets) -> [UInt8] { (secrets.all.last ?? secrets).hash(stored) }
}

/// A password as a person typed it, with its prepared form.
struct TypedPassword {
  /// The form that is hashed.
  let prepared: Bytes
  /// The forms to try, in this order: the bytes as typed, then the prepared form if it differs.
  let forms: [Bytes]

  init(_ typed: Bytes, _ configuration: AppConfiguration) {
    let isShort = isPreparable(typed, configuration.passwordLength.upperBound)
    prepared = isShort ? Preparation.password(typed)[...] : typed
    forms = prepared == typed ? [typed] : [typed, prepared]
  }
}

extension UsernameRules {
  /// True if an account can have this username: a name is refused as too short only in both forms, since the prepared one of
  /// some letters is longer than what a person types (`İ`), and that of spaces is shorter.
  package static func isLongEnough(_ typed: Bytes, _ context: Context) -> Bool {
    let (configuration, typed) = (context.configuration, TypedUsername(typed, context.configuration))
    return [typed.typed, typed.stored].contains { $0.scalarCount >= configuration.usernameLength.lowerBound }
  }
}

extension PasswordRules {
  /// True if an account can have this password, in one of its forms.
  package static func isLongEnough(_ typed: Bytes, _ context: Context) -> Bool {
    let configuration = context.configuration
    return TypedPassword(typed, configuration).forms.contains {
      $0.scalarCount >= configuration.passwordLength.lowerBound
    }
  }
}

/// True if a text is short enough to be a name or a password, so that a client can't make the program prepare
/// megabytes. A form of `longest` scalars can be typed with several times as many.
func isPreparable(_ typed: Bytes, _ longest: Int) -> Bool {
  typed.count / 64 <= longest
}
