import DashboardAccounts
import DashboardRouting
import DashboardSettings

/// The exceptions of rate limits.
enum Attempts {
  static let tooMany = Exception(
    "too-many-attempts", 429, "too many wrong passwords or codes", retryAfter: 900
  ).answering(AttemptError.tooManyPasswords(retryAfter: 900))
  static let tooManyUsernames = Exception(
    "too-many-attempts", 429, "too many registrations or username changes from one address", retryAfter: 900
  ).answering(AttemptError.tooManyRegistrations(retryAfter: 900))
  static let tooManyCodes = Exception(
    "too-many-attempts", 429, "too many reset codes created by one account", retryAfter: 900
  ).answering(AttemptError.tooManyResetCodes(retryAfter: 900))
  static let invalidCredentials = Exception(
    "invalid-credentials", 401, "with CONCEAL_ACCOUNTS: unknown username, wrong password or wrong code"
  ).answering(CredentialError.concealed)

  /// The exceptions of every route that finds an account by its username.
  static let exceptions = [tooMany, invalidCredentials]
  static let settings: [Setting] = [.maximumAttempts, .attemptWindow, .concealsAccounts]
}
