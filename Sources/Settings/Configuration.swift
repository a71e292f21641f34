package import DashboardCrypto
package import DashboardRecords

/// All settings, checked: the process's, and those of the app that requests name unless they name another.
package struct Configuration: Sendable {
  package let dataDirectory: String
  /// Empty: the folder apps of the data directory.
  let ownAppsDirectory: String
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
  /// A path; `nil`: descriptor 2.
  package let eventLog: String?
  package let showsExplorer: Bool
  /// Those of every app without a file of its own.
  package let app: AppConfiguration
  /// What works but should not stay so, for the operator.
  package let warnings: [Warning]
  /// Where every value came from.
  package let source: SettingSource
  /// The contents of the file that DASHBOARD_CONFIG names; `nil`: it names none.
  package let file: [UInt8]?

  /// - Parameters:
  ///   - file: `KEY=VALUE` lines; those that begin with `#` are comments.
  ///   - cores: what the numbers of threads follow from if nobody says otherwise.
  ///   - environment: they win over the file.
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
    app = try AppConfiguration(source)
    warnings = SettingsFile.unknownNames(fromFile, "DASHBOARD_CONFIG") + app.warnings
  }
}

/// The settings that every app can have its own of.
package struct AppConfiguration: Sendable {
  package let registrationIsClosed: Bool
  package let passwordScheme: PasswordScheme
  /// Unicode scalars, as all lengths here.
  package let usernameLength: ClosedRange<Int>
  package let passwordLength: ClosedRange<Int>
  package let refusesCommonPasswords: Bool
  package let resetCodeLength: ClosedRange<Int>
  /// Days; 0: for ever.
  package let resetCodeLifetime: Int
  /// Days.
  package let deleteDelay: Int
  /// Seconds; 0: never.
  package let verificationDelay: Int
  /// Seconds; 0: never.
  package let idleTimeout: Int
  package let maximumAttempts: Int
  package let maximumRegistrations: Int
  package let maximumRecords: Int
  /// Seconds.
  package let attemptWindow: Int
  package let concealsAccounts: Bool
  package let pageSize: Int
  package let countsMetrics: Bool
  package let profileIsRequired: Bool
  package let profileFields: ProfileFields
  package let fullNameLength: ClosedRange<Int>
  package let displayNameLength: ClosedRange<Int>
  package let companyNameLength: ClosedRange<Int>
  package let allowedOrigins: [String]
  package let cookieDomain: String?
  package let cookiesHaveHostPrefix: Bool
  package let access: APIAccess
  package let applicationServer: String?
  package let applicationServerToken: String?
  /// As given; secrets that are not given are made at the first start.
  package let encryptionKey: String?
  package let sessionKey: String?
  /// As given; those before them.
  package let previousEncryptionKey: String?
  package let previousSessionKey: String?
  /// What works but should not stay so, for the operator.
  package let warnings: [Warning]
  /// Where every value came from.
  package let source: SettingSource

  /// What everything is if nobody says otherwise.
  package static let standard: AppConfiguration = {
    do throws(ConfigurationError) {
      return try AppConfiguration(SettingSource([]))
    } catch {
      // No input reaches this: the defaults are literals of this program, and a start without any setting checks them.
      preconditionFailure("\(error)")
    }
  }()

  init(_ source: SettingSource, warnings: [Warning] = []) throws(ConfigurationError) {
    self.source = source
    registrationIsClosed = try source.boolean(.registrationIsClosed)
    let cost = try source.integer(.bcryptCost)
    let scheme: PasswordScheme.Name = try source.choice(.passwordHash)
    passwordScheme = scheme == .argon2id ? .argon2id : .bcrypt(cost: cost)
    usernameLength = try source.range(.minimumUsername, .maximumUsername)
    passwordLength = try source.range(.minimumPassword, .maximumPassword)
    refusesCommonPasswords = try source.boolean(.refusesCommonPasswords)
    resetCodeLength = try source.range(.minimumResetCode, .maximumResetCode)
    resetCodeLifetime = try source.integer(.resetCodeLifetime)
    deleteDelay = try source.integer(.deleteDelay)
    verificationDelay = try source.integer(.verificationDelay)
    idleTimeout = try source.integer(.idleTimeout)
    maximumAttempts = try source.integer(.maximumAttempts)
    maximumRegistrations = try source.integer(.maximumRegistrations)
    maximumRecords = try source.integer(.maximumRecords)
    attemptWindow = try source.integer(.attemptWindow)
    concealsAccounts = try source.boolean(.concealsAccounts)
    pageSize = try source.integer(.pageSize)
    countsMetrics = try !source.boolean(.metricsAreOff)
    profileIsRequired = try source.boolean(.profileIsRequired)
    profileFields = try source.profileFields(.profileFields)
    fullNameLength = try source.range(.minimumFullName, .maximumFullName)
    displayNameLength = try source.range(.minimumDisplayName, .maximumDisplayName)
    companyNameLength = try source.range(.minimumCompanyName, .maximumCompanyName)
    allowedOrigins = try source.origins(.allowedOrigins)
    cookieDomain = try source.domain(.cookieDomain)
    cookiesHaveHostPrefix = try source.boolean(.cookieHostPrefix)
    if cookieDomain != nil, cookiesHaveHostPrefix {
      throw ConfigurationError(
        description: "COOKIE_HOST_PREFIX is 'true'; it must be false where COOKIE_DOMAIN is given")
    }
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
          "\(Setting.bcryptCost.name) is \(cost): passwords are hashed too cheaply for anything but tests"))
    }
    if access == .application, applicationServer == nil || applicationServerToken == nil {
      warnings.append(
        Warning(
          "API_ACCESS is application, which nobody is without APPLICATION_SERVER and APPLICATION_SERVER_TOKEN"
        ))
    }
    self.warnings = warnings
  }

  /// Unicode scalars that a value of the field can have.
  package func length(of field: ProfileField) -> ClosedRange<Int> {
    switch field {
    case .fullName: fullNameLength
    case .displayName: displayNameLength
    case .companyName: companyNameLength
    default: 1...ProfileField.longest
    }
  }
}
