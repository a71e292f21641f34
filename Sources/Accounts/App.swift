package import DashboardCrypto
package import DashboardRecords
package import DashboardSettings
package import DashboardStore
import Synchronization

extension Configuration {
  /// The place of the data.
  package var storage: Storage { .dataFile(directory: dataDirectory, maximumSize: maximumDataSize) }
}

/// An app with its settings and keys.
package final class App: Sendable {
  package let name: AppName
  package let configuration: AppConfiguration
  package let secrets: Secrets
  /// COOKIE_NAME, or else the app's name and `_session`.
  package let cookieName: String
  /// SESSION_DETAILS. A copy, because a session check reads it: a copy of the whole configuration costs a retain for
  /// each text in it.
  package let keepsSessionDetails: Bool
  /// KEEP_USERNAMES, a copy too.
  package let keepsUsernames: Bool
  /// SECOND_FACTOR, a copy too.
  package let secondFactor: SecondFactorPolicy

  init(_ name: AppName, _ configuration: AppConfiguration, _ secrets: Secrets) throws(ConfigurationError) {
    self.name = name
    self.configuration = configuration
    self.secrets = secrets
    cookieName = try configuration.cookieName(of: name)
    keepsSessionDetails = configuration.keepsSessionDetails
    keepsUsernames = configuration.keepsUsernames
    secondFactor = configuration.secondFactor
  }
}

/// The apps of one data directory. An app is opened at its first use.
package final class Apps: Sendable {
  /// The app of requests that do not name one.
  package let standard: App
  private let configuration: Configuration
  private let store: Store
  /// The store's secrets, for apps without their own.
  private let secrets: Secrets
  /// The opened apps. Emptied when it is full, because a web server can name any number of apps.
  private let known = Mutex<[AppName: App]>([:])

  /// Opens the default app.
  ///
  /// - Parameter secrets: the store's secrets, for apps without their own.
  package init(_ configuration: Configuration, _ store: Store, _ secrets: Secrets)
    throws
  {
    self.configuration = configuration
    self.store = store
    self.secrets = secrets
    let name = configuration.appName
    standard = try Self.open(name, configuration, store, secrets)
  }

  private static let mostKnown = 1024

  /// An app by its name.
  ///
  /// - Parameter warn: gets the mistakes in the app's file, at the first use of the app.
  /// - Throws: `ConfigurationError` if the app's file is invalid; `Store.OpeningError` if its keys are not
  ///   those of its data.
  package func app(_ name: AppName, warn: (Warning) -> Void) throws -> App {
    if name == standard.name { return standard }
    if let app = known.withLock({ $0[name] }) { return app }
    let app: App
    do { app = try Self.open(name, configuration, store, secrets) } catch {
      try store.checkFiles()
      throw error
    }
    // If the data directory was removed, the app's file is missing too, and the app would get the settings of the process.
    try store.checkFiles()
    app.configuration.warnings.filter(\.isMistake).forEach(warn)
    known.withLock { known in
      if known.count >= Self.mostKnown { known = [:] }
      known[name] = app
    }
    return app
  }

  private static func open(
    _ name: AppName, _ configuration: Configuration, _ store: Store, _ shared: Secrets
  ) throws -> App {
    guard let app = try configuration.ownSettings(of: name) else {
      try store.bind(name, to: nil)
      return try App(name, configuration.app, shared)
    }
    let secrets = try SecretsFile.keys(for: app, in: configuration.dataDirectory)
    // If the file repeats the store's keys, the app uses the store's secrets with their previous keys.
    let own = secrets.fingerprint == shared.fingerprint ? nil : secrets
    try store.bind(name, to: own)
    return try App(name, app, own ?? shared)
  }
}
