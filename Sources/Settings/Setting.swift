import DashboardCrypto
import DashboardRecords

/// A setting: its name, allowed values, default and meaning.
package final class Setting: Sendable {
  package enum Kind: Sendable {
    case integer(ClosedRange<Int>)
    /// A number of bytes: digits, then optionally K, M or G for 1024, 1024² or 1024³.
    case size(ClosedRange<Int>)
    case boolean
    /// One of these. A function, because a CGI process needs none of them.
    case choice(@Sendable () -> [String])
    /// A name of letters, digits, `_` and `-`.
    case token
    /// A secret that can stand in the header Authorization, after `Bearer` (RFC 6750 section 2.1).
    case bearerToken
    case origins
    case domain
    case profileFields
    case languages
    /// A path of the site, with an optional query.
    case path
    case text
  }

  package let name: String
  package let kind: Kind
  /// The default, as the operator would write it; empty if there is none.
  package let standard: String
  /// A description in a few words. For a number, the unit comes first.
  package let meaning: String
  package let isSecret: Bool
  /// True if an app can have its own value; false if the process has one.
  package let isPerApp: Bool

  private init(
    _ name: String, _ kind: Kind, _ standard: String, _ meaning: String, isSecret: Bool = false,
    isPerApp: Bool = true
  ) {
    self.name = name
    self.kind = kind
    self.standard = standard
    self.meaning = meaning
    self.isSecret = isSecret
    self.isPerApp = isPerApp
  }

  /// The allowed values, in words.
  package var allowed: String {
    switch kind {
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .size(let range):
      "a number of bytes from \(range.lowerBound) to \(range.upperBound), optionally with K, M or G"
    case .boolean: "true or false"
    case .choice(let values): values().joined(separator: ", ")
    case .token: "1 to 64 letters, digits, _ and -"
    case .bearerToken: "16 to 256 letters, digits and - . _ ~ + / ="
    case .origins:
      "http:// or https://, a host in lower case and an optional port, such as https://app.example:8443"
    case .domain: "a domain name in lower case, such as example.org"
    case .profileFields:
      "names, separated by commas, from \(ProfileField.allCases.map(\.name).joined(separator: ", "))"
    case .languages:
      "tags, separated by commas, from \(Language.allCases.map(\.rawValue).joined(separator: ", "))"
    case .path: "a path of this site, such as /logo.svg"
    case .text: "text without control characters"
    }
  }
}

// The data and the process.
extension Setting {
  package static let dataDirectory = Setting(
    "DATA_DIR", .text, "/var/lib/dashboard", "directory of the data", isPerApp: false)
  package static let appsDirectory = Setting(
    "APPS_DIR", .text, "",
    "directory of the apps' settings files, APPID.conf; by default the folder apps of DATA_DIR",
    isPerApp: false)
  package static let appName = Setting(
    "APPID", .token, "dashboard", "app of requests that do not name one", isPerApp: false)
  package static let maximumDataSize = Setting(
    "MAP_SIZE", .size(1 << 20...1 << 46), "64G",
    "maximum size of the data file in bytes; address space, not disk space", isPerApp: false)
  package static let eventThreads = Setting(
    "EVENT_THREADS", .integer(1...256), "",
    "threads that serve connections and reads; by default the number of cores", isPerApp: false)
  package static let hashingThreads = Setting(
    "HASHING_THREADS", .integer(1...256), "",
    "threads that hash passwords; by default the number of cores", isPerApp: false)
  package static let shutdownTimeout = Setting(
    "SHUTDOWN_TIMEOUT", .integer(0...3600), "10",
    "seconds for which open connections are served after SIGTERM", isPerApp: false)
  package static let bodyLength = Setting(
    "MAXIMUM_POST_DATA_LENGTH", .integer(1...1_000_000_000), "2000000", "maximum body length in bytes",
    isPerApp: false)
  package static let sessionRetention = Setting(
    "SESSION_RETENTION", .integer(0...36_500), "30",
    "days for which a session stays readable after it expires", isPerApp: false)
  package static let logLevel = Setting(
    "LOG_LEVEL", .choice { LogLevel.allCases.map(\.rawValue) }, LogLevel.error.rawValue,
    "log on descriptor 2: error (errors only) or info (every request too)", isPerApp: false)
  package static let eventLog = Setting(
    "EVENT_LOG", .text, "",
    "file of the event log, a line of JSON for each sign-in, password change and the like; by default descriptor 2",
    isPerApp: false)
  package static let explorer = Setting(
    "EXPLORER", .boolean, "true",
    "true to serve the API's documentation: /api, /api/explorer, /api/openapi.json", isPerApp: false)
  package static let metricsToken = Setting(
    "METRICS_TOKEN", .bearerToken, "",
    "token with which /healthz and /metrics answer every client; without it only clients of the same machine",
    isSecret: true, isPerApp: false)
}

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

// The pages.
extension Setting {
  package static let languages = Setting(
    "LANGUAGES", .languages, "en,de,fr,es,pt-BR,ja,ar",
    "languages of the pages; the first one is for browsers that prefer none of them")
  package static let siteName = Setting("SITE_NAME", .text, "", "name of the site on its pages")
  package static let siteLogo = Setting("SITE_LOGO", .path, "", "path of a picture before the name")
  package static let siteStylesheet = Setting(
    "SITE_STYLESHEET", .path, "", "path of a stylesheet that changes the colours and fonts of the pages")
  package static let homePath = Setting(
    "HOME_URL", .path, "", "path that the name of the site links to, and where signing in leads by default")
  package static let termsPath = Setting("TERMS_URL", .path, "", "path of the terms of use")
  package static let privacyPath = Setting("PRIVACY_URL", .path, "", "path of the privacy notice")
}

// Access and keys.
extension Setting {
  package static let allowedOrigins = Setting(
    "ALLOWED_ORIGINS", .origins, "", "other origins whose pages may call the API, separated by commas")
  package static let cookieDomain = Setting(
    "COOKIE_DOMAIN", .domain, "",
    "domain whose hosts get the cookies; by default only the host that set them")
  package static let cookieName = Setting(
    "COOKIE_NAME", .token, "",
    "name of the session cookie, by default APPID_session; over HTTPS without COOKIE_DOMAIN it begins with __Host-"
  )
  package static let readsOldCookies = Setting(
    "READ_OLD_COOKIES", .boolean, "true", "true to read the former cookies sessionid and token too")
  package static let apiAccess = Setting(
    "API_ACCESS", .choice { APIAccess.allCases.map(\.rawValue) }, APIAccess.anyone.rawValue,
    "access to the API: public (every client), application (the application server) or none")
  package static let applicationServer = Setting(
    "APPLICATION_SERVER", .text, "", "value of the application server's header x-application-server")
  package static let applicationServerToken = Setting(
    "APPLICATION_SERVER_TOKEN", .text, "",
    "value of its header x-application-server-token; without it there is no application server",
    isSecret: true)
  package static let encryptionKey = Setting(
    "DASHBOARD_ENCRYPTION_KEY", .text, "", "key of every hash; by default generated at the first start",
    isSecret: true)
  package static let sessionKey = Setting(
    "DASHBOARD_SESSION_KEY", .text, "", "key of token hashes; by default generated at the first start",
    isSecret: true)
  package static let previousEncryptionKey = Setting(
    "DASHBOARD_ENCRYPTION_KEY_PREVIOUS", .text, "",
    "previous key: older hashes stay valid and are replaced at the next sign-in",
    isSecret: true)
  package static let previousSessionKey = Setting(
    "DASHBOARD_SESSION_KEY_PREVIOUS", .text, "", "previous key: older sessions stay valid", isSecret: true)
}

extension Setting {
  /// Names that were settings, and what an operator has to know.
  static let former = [
    "COOKIE_HOST_PREFIX": "is the default over HTTPS without COOKIE_DOMAIN; the line can be removed"
  ]

  /// All settings, in the order of the documentation.
  package static let all = [
    dataDirectory, appName, appsDirectory, maximumDataSize, eventThreads, hashingThreads, shutdownTimeout,
    bodyLength, sessionRetention, logLevel, eventLog, explorer, metricsToken,
    registrationIsClosed, setupCode, passwordHash, bcryptCost, usernames, keepsUsernames, minimumUsername,
    maximumUsername,
    minimumPassword,
    maximumPassword, refusesCommonPasswords, minimumResetCode, maximumResetCode, resetCodeLifetime,
    deleteDelay, verificationDelay, idleTimeout, sessionDetails, maximumAttempts, maximumRegistrations,
    attemptWindow, secondFactor, maximumFactorAttempts, passkeyDomain,
    concealsAccounts, maximumRecords, pageSize, metricsAreOff,
    profileIsRequired, profileFields, minimumFullName, maximumFullName, minimumDisplayName,
    maximumDisplayName, minimumCompanyName, maximumCompanyName,
    siteName, siteLogo, siteStylesheet, homePath, termsPath, privacyPath, languages,
    allowedOrigins, cookieDomain, cookieName, readsOldCookies, apiAccess, applicationServer,
    applicationServerToken,
    encryptionKey, sessionKey, previousEncryptionKey, previousSessionKey,
  ]
}

/// A setting has an invalid value. The description names the setting, and the values that it may have. The program exits with
/// 78 (EX_CONFIG, sysexits.h).
public struct ConfigurationError: Error, CustomStringConvertible {
  public let description: String

  package init(description: String) { self.description = description }
}
