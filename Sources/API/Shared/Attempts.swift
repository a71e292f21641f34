import DashboardAccounts
import DashboardRouting
import DashboardSettings

/// What routes that look at passwords and codes refuse when there were too many attempts.
enum Attempts {
  static let tooMany = Exception(
    "too-many-attempts", 429, "too many wrong passwords or codes", retryAfter: 900
  ).answering(AttemptError.tooManyPasswords(retryAfter: 900))
  static let tooManyUsernames = Exception(
    "too-many-attempts", 429, "too many registrations or new usernames from one address", retryAfter: 900
  ).answering(AttemptError.tooManyRegistrations(retryAfter: 900))
  static let tooManyCodes = Exception(
    "too-many-attempts", 429, "too many reset codes by one account", retryAfter: 900
  ).answering(AttemptError.tooManyResetCodes(retryAfter: 900))
  static let invalidCredentials = Exception(
    "invalid-credentials", 401, "with CONCEAL_ACCOUNTS: an unknown username, a wrong password or code"
  ).answering(CredentialError.concealed)

  /// What every route can refuse that finds an account by its username.
  static let exceptions = [tooMany, invalidCredentials]
  static let settings: [Setting] = [.maximumAttempts, .attemptWindow, .concealsAccounts]
}
