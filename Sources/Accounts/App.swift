package import DashboardCrypto
package import DashboardRecords
package import DashboardSettings
package import DashboardStore
import Synchronization

extension Configuration {
  /// Where the data is.
  package var storage: Storage { .dataFile(directory: dataDirectory, maximumSize: maximumDataSize) }
}

/// An app with its settings and keys.
package final class App: Sendable {
  package let name: AppName
  package let configuration: AppConfiguration
  package let secrets: Secrets

  init(_ name: AppName, _ configuration: AppConfiguration, _ secrets: Secrets) {
    self.name = name
    self.configuration = configuration
    self.secrets = secrets
  }
}

/// The apps of one data directory, each read when it is first asked for.
package final class Apps: Sendable {
  package let standard: App
  private let configuration: Configuration
  private let store: Store
  /// Those of apps that have none of their own, whichever app is the standard one.
  private let secrets: Secrets
  private let random: any RandomSource
  /// As many names as the web server gives; begun anew when there are very many.
  private let known = Mutex<[AppName: App]>([:])

  /// - Parameter keys: those of apps that have none of their own.
  package init(_ configuration: Configuration, _ store: Store, _ secrets: Secrets, random: any RandomSource)
    throws
  {
    self.configuration = configuration
    self.store = store
    self.secrets = secrets
    self.random = random
    let name = configuration.appName
    standard = try Self.open(name, configuration, store, secrets, random)
  }

  private static let mostKnown = 1024

  /// - Parameter warn: told, where the app is opened, of what nobody can have meant in its file.
  /// - Throws: `ConfigurationError` if its file can't be used, `Store.OpeningError` for other keys than its data's.
  package func app(_ name: AppName, warn: (Warning) -> Void) throws -> App {
    if name == standard.name { return standard }
    if let app = known.withLock({ $0[name] }) { return app }
    let app = try Self.open(name, configuration, store, secrets, random)
    app.configuration.warnings.filter(\.isMistake).forEach(warn)
    known.withLock { known in
      if known.count >= Self.mostKnown { known = [:] }
      known[name] = app
    }
    return app
  }

  private static func open(
    _ name: AppName, _ configuration: Configuration, _ store: Store, _ shared: Secrets,
    _ random: any RandomSource
  ) throws -> App {
    guard let app = try configuration.ownSettings(of: name) else {
      try store.bind(name, to: nil)
      return App(name, configuration.app, shared)
    }
    let secrets = try SecretsFile.keys(for: app, in: configuration.dataDirectory, random: random)
    // A file that repeats the store's keys gives it none of its own: what came before them is the store's too.
    let own = secrets.fingerprint == shared.fingerprint ? nil : secrets
    try store.bind(name, to: own)
    return App(name, app, own ?? shared)
  }
}
