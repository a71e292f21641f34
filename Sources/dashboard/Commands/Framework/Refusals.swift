/// What a refusal of a rule tells an operator, by its identifier.
enum Refusals {
  /// Has no full stop.
  static func sentence(_ identifier: String) -> String { sentences[identifier] ?? "refused: \(identifier)" }

  private static let sentences = [
    "account-unknown": "there is no such account",
    "account-scheduled-for-deletion":
      "the account is scheduled for deletion: cancel that first (dashboard account restore)",
    "account-not-scheduled-for-deletion": "the account is not scheduled for deletion",
    "account-is-suspended": "the account is suspended: end that first (dashboard account resume)",
    "account-without-password":
      "the account has no password yet: set one first (dashboard account set-password)",
    "already-administrator": "the account is an administrator's already",
    "not-administrator": "the account is not an administrator's",
    "role-of-owner":
      "the owner is always an administrator: give the site to another account first (dashboard account set-owner)",
    "already-owner": "the account is the owner's already",
    "deletion-of-owner":
      "the owner's account can't be deleted: give the site to another account first (dashboard account set-owner)",
    "suspension-of-owner":
      "the owner can't be suspended: give the site to another account first (dashboard account set-owner)",
    "already-suspended": "the account is suspended already",
    "not-suspended": "the account is not suspended",
    "second-factor-not-enrolled": "the account has no second factor",
    "suspension-reason-length": "the reason has a wrong length",
    "groups-malformed":
      "the groups are not well-formed: give up to 64 names, separated by commas, each of up to 32 of a-z, 0-9 and -",
    "username-characters": "the username has characters that are not allowed, such as controls",
    "username-length": "the username has a wrong length",
    "username-taken": "another account has this username",
    "password-characters": "the password has characters that are not allowed, such as controls",
    "password-length": "the password has a wrong length",
    "password-common": "the password is a common one: choose another",
    "session-unknown": "there is no such session",
    "session-already-ended": "the session has ended already",
    "invitation-unknown": "there is no such invitation",
    "reset-code-malformed": "a reset code has letters and digits alone",
    "reset-code-length": "the reset code has a wrong length",
    "reset-code-unusable": "the account has this reset code already, or had it",
    "registration-not-set-up":
      "the app has no account yet: create the owner's first, with a password (dashboard account create NAME)",
    "hashing-busy": "the machine is too busy to hash the password: try again",
  ]

  /// The identifiers that have a sentence.
  static var identifiers: [String] { sentences.keys.sorted() }
}
