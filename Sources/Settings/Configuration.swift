package import DashboardCrypto
package import DashboardRecords

/// All settings after their checks: those of the process, and those of its default app.
package struct Configuration: Sendable {
  package let dataDirectory: String
  /// Empty for the folder `apps` of the data directory.
  let ownAppsDirectory: String
  /// The app of requests that do not name one.
  package let appName: AppName
  /// Bytes.
  package let maximumDataSize: Int
  /// 1 or more.
  package let cores: Int
  package let eventThreads: Int
  package let hashingThreads: Int
  /// Seconds.
  package let shutdownTimeout: Int
  /// Bytes.
  package let bodyLength: Int
  /// Days.
  package let sessionRetention: Int
  package let logLevel: LogLevel
  /// A path; `nil` if events go to descriptor 2.
  package let eventLog: String?
  package let showsExplorer: Bool
  /// `nil` if only clients of the same machine may watch the server.
  package let metricsToken: String?
  /// The settings of every app that has no file.
  package let app: AppConfiguration
  /// Messages to the operator about settings that should be changed.
  package let warnings: [Warning]
  /// Where every value came from.
  package let source: SettingSource
  /// The contents of the file that DASHBOARD_CONFIG names; `nil` if it names none.
  package let file: [UInt8]?

  /// - Parameters:
  ///   - file: `KEY=VALUE` lines. Lines that begin with `#` are comments.
  ///   - cores: the default of the numbers of threads.
  ///   - environment: wins over the file.
  /// - Throws: for the first setting that has an invalid value.
  package init(file: [UInt8]? = nil, cores: Int, environment: NamedValues) throws(ConfigurationError) {
    let fromFile = try SettingsFile.values(file ?? [], "DASHBOARD_CONFIG")
    self.file = file
    let source = SettingSource([
      .init(name: "environment", values: environment),
      .init(name: "DASHBOARD_CONFIG", values: fromFile),
    ])
    self.source = source
    self.cores = max(cores, 1)
    let threads = min(self.cores, 256)

    dataDirectory = try source.text(.dataDirectory) ?? Setting.dataDirectory.standard
    ownAppsDirectory = try source.text(.appsDirectory) ?? Setting.appsDirectory.standard
    let appName = try source.text(.appName) ?? Setting.appName.standard
    guard let appName = AppName(appName) else { throw SettingSource.error(.appName, appName) }
    self.appName = appName
    bodyLength = try source.integer(.bodyLength)
    maximumDataSize = try source.integer(.maximumDataSize)
    eventThreads = try source.integer(.eventThreads, standard: threads)
    hashingThreads = try source.integer(.hashingThreads, standard: threads)
    shutdownTimeout = try source.integer(.shutdownTimeout)
    sessionRetention = try source.integer(.sessionRetention)
    logLevel = try source.choice(.logLevel)
    eventLog = try source.text(.eventLog)
    showsExplorer = try source.boolean(.explorer)
    metricsToken = try source.bearerToken(.metricsToken)
    app = try AppConfiguration(source)
    warnings = SettingsFile.unknownNames(fromFile, "DASHBOARD_CONFIG") + app.warnings
  }
}

/// The settings that an app can have for itself.
package struct AppConfiguration: Sendable {
  package let registrationIsClosed: Bool
  /// `nil` if the first account needs no code.
  package let setupCode: String?
  package let passwordScheme: PasswordScheme
  /// In Unicode scalars, like all lengths here.
  package let usernameLength: ClosedRange<Int>
  /// True if usernames are compared in their prepared form, false if byte by byte.
  package let preparesUsernames: Bool
  /// True if accounts keep their usernames, sealed.
  package let keepsUsernames: Bool
  package let passwordLength: ClosedRange<Int>
  package let refusesCommonPasswords: Bool
  package let resetCodeLength: ClosedRange<Int>
  /// Days; 0 if reset codes never expire.
  package let resetCodeLifetime: Int
  /// Days.
  package let deleteDelay: Int
  /// Seconds; 0 if sessions stay fresh.
  package let verificationDelay: Int
  /// Seconds; 0 if sessions have no idle timeout.
  package let idleTimeout: Int
  /// True if sessions keep and show address, user agent and last use.
  package let keepsSessionDetails: Bool
  package let maximumAttempts: Int
  package let maximumRegistrations: Int
  package let maximumRecords: Int
  /// Seconds.
  package let attemptWindow: Int
  package let secondFactor: SecondFactorPolicy
  /// Within the attempt window.
  package let maximumFactorAttempts: Int
  /// `nil` for the host of the site.
  package let passkeyDomain: String?
  package let concealsAccounts: Bool
  package let pageSize: Int
  package let countsMetrics: Bool
  package let profileIsRequired: Bool
  package let profileFields: ProfileFields
  package let fullNameLength: ClosedRange<Int>
  package let displayNameLength: ClosedRange<Int>
  package let companyNameLength: ClosedRange<Int>
  /// The look of the pages and the paths to which they link.
  package let site: SiteConfiguration
  package let allowedOrigins: [String]
  package let cookieDomain: String?
  /// `nil` for the app's name and `_session`: see `cookieName(of:)`.
  private let cookieName: String?
  package let readsOldCookies: Bool
  package let access: APIAccess
  package let applicationServer: String?
  package let applicationServerToken: String?
  /// `nil` if it is not given. `SecretsFile` then reads the generated keys.
  package let encryptionKey: String?
  package let sessionKey: String?
  /// The keys before the last change; `nil` if they are not given.
  package let previousEncryptionKey: String?
  package let previousSessionKey: String?
  /// Messages to the operator about settings that should be changed.
  package let warnings: [Warning]
  /// Where every value came from.
  package let source: SettingSource

  /// The defaults.
  package static let standard: AppConfiguration = {
    do throws(ConfigurationError) {
      return try AppConfiguration(SettingSource([]))
    } catch {
      // Unreachable: the defaults are literals of this program, and the tests check them.
      preconditionFailure("\(error)")
    }
  }()

  /// The name of an app's session cookie, without the prefix for HTTPS.
  ///
  /// - Throws: if it begins with a prefix to which browsers give a meaning.
  package func cookieName(of app: AppName) throws(ConfigurationError) -> String {
    if let cookieName { return cookieName }
    let name = app.description + "_session"
    try Self.checkPrefix(ofCookie: name)
    return name
  }

  private static func checkPrefix(ofCookie name: String) throws(ConfigurationError) {
    let prefixes = ["__host-", "__secure-", "__http-"]
    guard prefixes.contains(where: name.lowercased().hasPrefix) else { return }
    throw ConfigurationError(
      description: """
        the session cookie would be '\(name)'; browsers accept this prefix only under their own terms: \
        choose another \(Setting.cookieName.name)
        """)
  }

  init(_ source: SettingSource, warnings: [Warning] = []) throws(ConfigurationError) {
    self.source = source
    registrationIsClosed = try source.boolean(.registrationIsClosed)
    setupCode = try source.text(.setupCode)
    let cost = try source.integer(.bcryptCost)
    let scheme: PasswordScheme.Name = try source.choice(.passwordHash)
    passwordScheme = scheme == .argon2id ? .argon2id : .bcrypt(cost: cost)
    usernameLength = try source.range(.minimumUsername, .maximumUsername)
    let comparison: UsernameComparison = try source.choice(.usernames)
    preparesUsernames = comparison == .prepared
    keepsUsernames = try source.boolean(.keepsUsernames)
    passwordLength = try source.range(.minimumPassword, .maximumPassword)
    refusesCommonPasswords = try source.boolean(.refusesCommonPasswords)
    resetCodeLength = try source.range(.minimumResetCode, .maximumResetCode)
    resetCodeLifetime = try source.integer(.resetCodeLifetime)
    deleteDelay = try source.integer(.deleteDelay)
    verificationDelay = try source.integer(.verificationDelay)
    idleTimeout = try source.integer(.idleTimeout)
    let details: SessionDetails = try source.choice(.sessionDetails)
    keepsSessionDetails = details == .full
    maximumAttempts = try source.integer(.maximumAttempts)
    maximumRegistrations = try source.integer(.maximumRegistrations)
    maximumRecords = try source.integer(.maximumRecords)
    attemptWindow = try source.integer(.attemptWindow)
    secondFactor = try source.choice(.secondFactor)
    maximumFactorAttempts = try source.integer(.maximumFactorAttempts)
    passkeyDomain = try source.domain(.passkeyDomain)
    concealsAccounts = try source.boolean(.concealsAccounts)
    pageSize = try source.integer(.pageSize)
    countsMetrics = try !source.boolean(.metricsAreOff)
    profileIsRequired = try source.boolean(.profileIsRequired)
    profileFields = try source.profileFields(.profileFields)
    fullNameLength = try source.range(.minimumFullName, .maximumFullName)
    displayNameLength = try source.range(.minimumDisplayName, .maximumDisplayName)
    companyNameLength = try source.range(.minimumCompanyName, .maximumCompanyName)
    site = try SiteConfiguration(source)
    allowedOrigins = try source.origins(.allowedOrigins)
    cookieDomain = try source.domain(.cookieDomain)
    cookieName = try source.token(.cookieName)
    if let cookieName { try Self.checkPrefix(ofCookie: cookieName) }
    readsOldCookies = try source.boolean(.readsOldCookies)
    access = try source.choice(.apiAccess)
    applicationServer = try source.text(.applicationServer)
    applicationServerToken = try source.text(.applicationServerToken)
    encryptionKey = try source.text(.encryptionKey)
    sessionKey = try source.text(.sessionKey)
    previousEncryptionKey = try source.text(.previousEncryptionKey)
    previousSessionKey = try source.text(.previousSessionKey)
    var warnings = warnings
    if scheme == .bcrypt, cost < 10 {
      warnings.append(
        Warning(
          "\(Setting.bcryptCost.name) is \(cost): password hashes are too cheap for anything but tests"))
    }
    if access == .application, applicationServer == nil || applicationServerToken == nil {
      warnings.append(
        Warning(
          "API_ACCESS is application, but without APPLICATION_SERVER and APPLICATION_SERVER_TOKEN no client has access"
        ))
    }
    self.warnings = warnings
  }

  /// The allowed lengths of a field's value, in Unicode scalars.
  package func length(of field: ProfileField) -> ClosedRange<Int> {
    switch field {
    case .fullName: fullNameLength
    case .displayName: displayNameLength
    case .companyName: companyNameLength
    default: 1...ProfileField.longest
    }
  }
}
