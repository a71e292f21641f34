import DashboardCrypto
import DashboardRecords

// Accounts.
extension Setting {
  package static let registrationIsClosed = Setting(
    "DISABLE_REGISTRATION", .boolean, "false",
    "true to refuse new accounts without an invitation, even the first one if SETUP_CODE is not set")
  package static let setupCode = Setting(
    "SETUP_CODE", .text, "",
    "code that an app's first account must give as setup-code; without it the first to register becomes the owner",
    isSecret: true)
  package static let passwordHash = Setting(
    "PASSWORD_HASH", .choice { PasswordScheme.Name.allCases.map(\.rawValue) },
    PasswordScheme.Name.bcrypt.rawValue,
    "hash of new passwords; other passwords are rehashed at the next sign-in")
  package static let bcryptCost = Setting(
    "BCRYPT_WORKLOAD_FACTOR", .integer(4...31), "12", "cost of bcrypt; each step doubles the time")
  package static let usernames = Setting(
    "USERNAMES", .choice { UsernameComparison.allCases.map(\.rawValue) },
    UsernameComparison.prepared.rawValue,
    "how usernames are compared: prepared (without regard to capitals, width and outer spaces) or exact (byte by byte)"
  )
  package static let keepsUsernames = Setting(
    "KEEP_USERNAMES", .boolean, "false",
    "true to keep usernames encrypted, so that their holders, administrators and a guarded application can read them"
  )
  package static let minimumUsername = Setting(
    "MINIMUM_USERNAME_LENGTH", .integer(1...100_000), "3", "characters of the shortest username")
  package static let maximumUsername = Setting(
    "MAXIMUM_USERNAME_LENGTH", .integer(1...100_000), "100", "characters of the longest username")
  package static let minimumPassword = Setting(
    "MINIMUM_PASSWORD_LENGTH", .integer(1...100_000), "8", "characters of the shortest password")
  package static let maximumPassword = Setting(
    "MAXIMUM_PASSWORD_LENGTH", .integer(1...100_000), "128", "characters of the longest password")
  package static let refusesCommonPasswords = Setting(
    "REFUSE_COMMON_PASSWORDS", .boolean, "false",
    "true to refuse new passwords that are among the 14,611 most common")
  package static let minimumResetCode = Setting(
    "MINIMUM_RESET_CODE_LENGTH", .integer(1...100_000), "6", "characters of the shortest reset code")
  package static let maximumResetCode = Setting(
    "MAXIMUM_RESET_CODE_LENGTH", .integer(1...100_000), "50", "characters of the longest reset code")
  package static let resetCodeLifetime = Setting(
    "RESET_CODE_LIFETIME", .integer(0...36_500), "0",
    "days for which a reset code is valid; 0 for no limit")
  package static let deleteDelay = Setting(
    "DELETE_DELAY", .integer(0...36_500), "7",
    "days between the request to delete an account and its deletion")
  package static let verificationDelay = Setting(
    "SESSION_VERIFICATION_DELAY", .integer(0...31_536_000), "14400",
    "seconds after which routes that need a fresh session ask for the password again; 0 for never")
  package static let idleTimeout = Setting(
    "SESSION_IDLE_TIMEOUT", .integer(0...31_536_000), "0",
    "seconds without a request after which a new session ends, accurate to a minute; 0 for never")
  package static let sessionDetails = Setting(
    "SESSION_DETAILS", .choice { SessionDetails.allCases.map(\.rawValue) }, SessionDetails.full.rawValue,
    "what a session keeps and shows for people: full (address and browser of the sign-in, and the last use) or none"
  )
  package static let maximumAttempts = Setting(
    "MAXIMUM_ATTEMPTS", .integer(1...1_000_000), "10",
    "wrong passwords or codes for one username from one address within ATTEMPT_WINDOW; ten times as many for one username, and for one address"
  )
  package static let maximumRegistrations = Setting(
    "MAXIMUM_REGISTRATIONS", .integer(1...1_000_000), "100",
    "registrations and username changes from one address, and reset codes created by one account, within ATTEMPT_WINDOW"
  )
  package static let maximumRecords = Setting(
    "MAXIMUM_RECORDS", .integer(1...1_000_000), "1000",
    "profiles, reset codes, invitations and sessions of one account, each; a new code, invitation or session replaces the oldest"
  )
  package static let attemptWindow = Setting(
    "ATTEMPT_WINDOW", .integer(1...31_536_000), "900", "seconds after which counted attempts are forgotten")
  package static let secondFactor = Setting(
    "SECOND_FACTOR", .choice { SecondFactorPolicy.allCases.map(\.rawValue) },
    SecondFactorPolicy.optional.rawValue,
    "which accounts must have a second factor: optional (none), administrators or required (all)")
  package static let maximumFactorAttempts = Setting(
    "MAXIMUM_FACTOR_ATTEMPTS", .integer(1...20), "5",
    "wrong second factors for one account within ATTEMPT_WINDOW; 20 within a day")
  package static let passkeyDomain = Setting(
    "PASSKEY_RP_ID", .domain, "",
    "domain of passkeys: that of the site or one above it; by default the site's host. Passkeys of another one do not work"
  )
  package static let concealsAccounts = Setting(
    "CONCEAL_ACCOUNTS", .boolean, "false",
    "true to answer invalid-credentials to unknown usernames and to wrong passwords alike")
  package static let pageSize = Setting(
    "PAGE_SIZE", .integer(1...1000), "10", "elements of a list if the request gives no limit")
  package static let metricsAreOff = Setting(
    "DISABLE_METRICS", .boolean, "false", "true to count no metrics")
}

// Profiles.
extension Setting {
  package static let profileIsRequired = Setting(
    "REQUIRE_PROFILE", .boolean, "false", "true to create a profile with every account")
  package static let profileFields = Setting(
    "USER_PROFILE_FIELDS", .profileFields, "contact-email,full-name", "required fields of a profile")
  package static let minimumFullName = Setting(
    "MINIMUM_PROFILE_FULL_NAME_LENGTH", .integer(1...ProfileField.longest), "1",
    "characters of the shortest full-name")
  package static let maximumFullName = Setting(
    "MAXIMUM_PROFILE_FULL_NAME_LENGTH", .integer(1...ProfileField.longest), "50",
    "characters of the longest full-name")
  package static let minimumDisplayName = Setting(
    "MINIMUM_PROFILE_DISPLAY_NAME_LENGTH", .integer(1...ProfileField.longest), "1",
    "characters of the shortest display-name")
  package static let maximumDisplayName = Setting(
    "MAXIMUM_PROFILE_DISPLAY_NAME_LENGTH", .integer(1...ProfileField.longest), "50",
    "characters of the longest display-name")
  package static let minimumCompanyName = Setting(
    "MINIMUM_PROFILE_COMPANY_NAME_LENGTH", .integer(1...ProfileField.longest), "1",
    "characters of the shortest company-name")
  package static let maximumCompanyName = Setting(
    "MAXIMUM_PROFILE_COMPANY_NAME_LENGTH", .integer(1...ProfileField.longest), "50",
    "characters of the longest company-name")
}
