import DashboardCrypto
import DashboardRecords

/// One setting: its name, what it means, what is allowed, and what it is if nobody says otherwise. An object, for CGI's sake
/// (CONTRIBUTING.md).
package final class Setting: Sendable {
  package enum Kind: Sendable {
    case integer(ClosedRange<Int>)
    /// A number of bytes: digits, and K, M or G after them for 1024, 1024² or 1024³.
    case size(ClosedRange<Int>)
    case boolean
    case choice([String])
    case appName
    case origins
    case domain
    case profileFields
    case text
  }

  package let name: String
  package let kind: Kind
  /// As it would be written; empty: none.
  package let standard: String
  /// What it is, in a few words; what a number counts comes first.
  package let meaning: String
  package let isSecret: Bool
  /// Whether an app can have its own; otherwise it is the process's.
  package let isOfApps: Bool

  private init(
    _ name: String, _ kind: Kind, _ standard: String, _ meaning: String, isSecret: Bool = false,
    isOfApps: Bool = true
  ) {
    self.name = name
    self.kind = kind
    self.standard = standard
    self.meaning = meaning
    self.isSecret = isSecret
    self.isOfApps = isOfApps
  }

  /// What may be written, for a person.
  package var allowed: String {
    switch kind {
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .size(let range):
      "a number of bytes from \(range.lowerBound) to \(range.upperBound), K, M or G may follow"
    case .boolean: "true or false"
    case .choice(let values): values.joined(separator: ", ")
    case .appName: "1 to 64 letters, digits, _ and -"
    case .origins:
      "http:// or https://, a host in lower case and maybe a port, such as https://app.example:8443"
    case .domain: "a domain name in lower case, such as example.org"
    case .profileFields:
      "names of \(ProfileField.allCases.map(\.name).joined(separator: ", ")), separated by commas"
    case .text: "a text without control characters"
    }
  }
}

// The data and the process.
extension Setting {
  package static let dataDirectory = Setting(
    "DATA_DIR", .text, "/var/lib/dashboard", "where the data is kept", isOfApps: false)
  package static let appsDirectory = Setting(
    "APPS_DIR", .text, "",
    "where the settings of single apps are, as APPID.conf; the folder apps of DATA_DIR", isOfApps: false)
  package static let appName = Setting(
    "APPID", .appName, "dashboard", "the app of requests that name none", isOfApps: false)
  package static let maximumDataSize = Setting(
    "MAP_SIZE", .size(1 << 20...1 << 46), "64G", "bytes that the data can grow to; reserved, not used",
    isOfApps: false)
  package static let eventThreads = Setting(
    "EVENT_THREADS", .integer(1...256), "", "threads that wait and read; the number of cores",
    isOfApps: false)
  package static let hashingThreads = Setting(
    "HASHING_THREADS", .integer(1...256), "", "threads that hash passwords; the number of cores",
    isOfApps: false)
  package static let shutdownTimeout = Setting(
    "SHUTDOWN_TIMEOUT", .integer(0...3600), "10", "seconds that open connections are served after SIGTERM",
    isOfApps: false)
  package static let bodyLength = Setting(
    "MAXIMUM_POST_DATA_LENGTH", .integer(1...1_000_000_000), "2000000", "bytes of the longest body",
    isOfApps: false)
  package static let sessionRetention = Setting(
    "SESSION_RETENTION", .integer(0...36_500), "30",
    "days that a session stays readable after the time it was made for", isOfApps: false)
  package static let logLevel = Setting(
    "LOG_LEVEL", .choice(LogLevel.allCases.map(\.rawValue)), LogLevel.error.rawValue,
    "what is logged on descriptor 2: error: what went wrong; info: every request too", isOfApps: false)
  package static let eventLog = Setting(
    "EVENT_LOG", .text, "",
    "the file that gets a line of JSON for each sign-in, changed password and the like; descriptor 2",
    isOfApps: false)
  package static let explorer = Setting(
    "EXPLORER", .boolean, "true", "whether /api, /api/explorer and /api/openapi.json show the API",
    isOfApps: false)
}

// Accounts.
extension Setting {
  package static let registrationIsClosed = Setting(
    "DISABLE_REGISTRATION", .boolean, "false", "whether creating accounts is refused, the first one too")
  package static let passwordHash = Setting(
    "PASSWORD_HASH", .choice(PasswordScheme.Name.allCases.map(\.rawValue)),
    PasswordScheme.Name.bcrypt.rawValue,
    "how new passwords are hashed; others are hashed anew at their next sign-in")
  package static let bcryptCost = Setting(
    "BCRYPT_WORKLOAD_FACTOR", .integer(4...31), "12", "bcrypt's cost; each step doubles the time")
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
    "whether new passwords are refused that are among the 14,611 commonest")
  package static let minimumResetCode = Setting(
    "MINIMUM_RESET_CODE_LENGTH", .integer(1...100_000), "6", "characters of the shortest reset code")
  package static let maximumResetCode = Setting(
    "MAXIMUM_RESET_CODE_LENGTH", .integer(1...100_000), "50", "characters of the longest reset code")
  package static let resetCodeLifetime = Setting(
    "RESET_CODE_LIFETIME", .integer(0...36_500), "0", "days that a reset code can be used; 0: for ever")
  package static let deleteDelay = Setting(
    "DELETE_DELAY", .integer(0...36_500), "7", "days from the request for deletion to the deletion")
  package static let verificationDelay = Setting(
    "SESSION_VERIFICATION_DELAY", .integer(0...31_536_000), "14400",
    "seconds after which the routes that say so want the password again; 0: never")
  package static let idleTimeout = Setting(
    "SESSION_IDLE_TIMEOUT", .integer(0...31_536_000), "0",
    "seconds without a request after which a new session ends, told to within a minute; 0: never")
  package static let maximumAttempts = Setting(
    "MAXIMUM_ATTEMPTS", .integer(1...1_000_000), "10",
    "wrong passwords or codes for one username from one address within ATTEMPT_WINDOW; ten times as many for one of both alone"
  )
  package static let maximumRegistrations = Setting(
    "MAXIMUM_REGISTRATIONS", .integer(1...1_000_000), "100",
    "attempts to register or to take another username from one address, and reset codes made by one account, within ATTEMPT_WINDOW"
  )
  package static let maximumRecords = Setting(
    "MAXIMUM_RECORDS", .integer(1...1_000_000), "1000",
    "profiles, reset codes and sessions of one account, of each; the oldest code or session gives way to a new one"
  )
  package static let attemptWindow = Setting(
    "ATTEMPT_WINDOW", .integer(1...31_536_000), "900", "seconds after which attempts are forgotten")
  package static let concealsAccounts = Setting(
    "CONCEAL_ACCOUNTS", .boolean, "false",
    "whether unknown usernames are answered as wrong passwords are: invalid-credentials")
  package static let pageSize = Setting(
    "PAGE_SIZE", .integer(1...1000), "10", "elements of a list unless asked otherwise")
  package static let metricsAreOff = Setting(
    "DISABLE_METRICS", .boolean, "false", "whether nothing is counted")
}

// Profiles.
extension Setting {
  package static let profileIsRequired = Setting(
    "REQUIRE_PROFILE", .boolean, "false", "whether an account is created together with a profile")
  package static let profileFields = Setting(
    "USER_PROFILE_FIELDS", .profileFields, "contact-email,full-name", "the fields that a profile needs")
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

// Who may call, and the keys.
extension Setting {
  package static let allowedOrigins = Setting(
    "ALLOWED_ORIGINS", .origins, "", "other origins whose pages may call, separated by commas")
  package static let cookieDomain = Setting(
    "COOKIE_DOMAIN", .domain, "",
    "the domain whose hosts get the cookies; only the host that set them unless given")
  package static let cookieHostPrefix = Setting(
    "COOKIE_HOST_PREFIX", .boolean, "false",
    "whether cookies that are Secure are named __Host-…, which no other host of the domain can set")
  package static let apiAccess = Setting(
    "API_ACCESS", .choice(APIAccess.allCases.map(\.rawValue)), APIAccess.everybody.rawValue,
    "who may call: public: everybody; application: the application server; none: nobody")
  package static let applicationServer = Setting(
    "APPLICATION_SERVER", .text, "", "what the application server writes in x-application-server")
  package static let applicationServerToken = Setting(
    "APPLICATION_SERVER_TOKEN", .text, "", "and in x-application-server-token; none: there is no such server",
    isSecret: true)
  package static let encryptionKey = Setting(
    "DASHBOARD_ENCRYPTION_KEY", .text, "", "mixed into every hash; made at the first start", isSecret: true)
  package static let sessionKey = Setting(
    "DASHBOARD_SESSION_KEY", .text, "", "mixed into the hashes of tokens; made at the first start",
    isSecret: true)
  package static let previousEncryptionKey = Setting(
    "DASHBOARD_ENCRYPTION_KEY_PREVIOUS", .text, "",
    "the one before: what was hashed with it is still read, and hashed anew at the next sign-in",
    isSecret: true)
  package static let previousSessionKey = Setting(
    "DASHBOARD_SESSION_KEY_PREVIOUS", .text, "", "the one before: sessions made with it go on", isSecret: true
  )
}

extension Setting {
  /// In the order of the documentation.
  package static let all = [
    dataDirectory, appName, appsDirectory, maximumDataSize, eventThreads, hashingThreads, shutdownTimeout,
    bodyLength,
    sessionRetention, logLevel, eventLog, explorer,
    registrationIsClosed, passwordHash, bcryptCost, minimumUsername, maximumUsername, minimumPassword,
    maximumPassword,
    refusesCommonPasswords, minimumResetCode, maximumResetCode, resetCodeLifetime, deleteDelay,
    verificationDelay, idleTimeout,
    maximumAttempts, maximumRegistrations,
    attemptWindow, concealsAccounts, maximumRecords, pageSize,
    metricsAreOff,
    profileIsRequired, profileFields, minimumFullName, maximumFullName, minimumDisplayName,
    maximumDisplayName, minimumCompanyName, maximumCompanyName,
    allowedOrigins, cookieDomain, cookieHostPrefix, apiAccess, applicationServer, applicationServerToken,
    encryptionKey, sessionKey, previousEncryptionKey, previousSessionKey,
  ]
}

/// What is logged.
package enum LogLevel: String, CaseIterable, Sendable {
  case error, info
}

/// Who may call the API.
package enum APIAccess: String, CaseIterable, Sendable {
  case everybody = "public"
  case application
  case nobody = "none"
}

/// A setting that can't be used: the start ends here (exit 78).
package struct ConfigurationError: Error, CustomStringConvertible {
  package let description: String

  package init(description: String) { self.description = description }
}
