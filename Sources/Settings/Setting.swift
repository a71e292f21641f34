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

  init(
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
