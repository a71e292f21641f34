package import DashboardCrypto
import DashboardSystem
import DashboardWireFormat
import Glibc

/// The keys of a data directory: from the settings, or from the file that the first start creates.
package enum SecretsFile {
  private static let fileName = "secrets"

  /// The keys of an app.
  ///
  /// A key that the settings do not give is read from `secrets` in the data directory. If that file does not
  /// exist, it is created with random keys and mode 0600. If several processes start at once, one creates it
  /// and all read it.
  ///
  /// - Parameter createIfMissing: false if a missing file is an error.
  /// - Throws: if a key is missing or the file is malformed.
  package static func keys(
    for app: AppConfiguration, in directory: String, random: some RandomSource, createIfMissing: Bool = true
  ) throws(ConfigurationError) -> Secrets {
    if let encryption = app.encryptionKey, let session = app.sessionKey {
      return keys(encryption, session, app)
    }
    if let text = try read(directory) { return try keys(text, app, directory) }
    if createIfMissing {
      try make(in: directory, random: random)
      if let text = try read(directory) { return try keys(text, app, directory) }
    }
    throw ConfigurationError(
      description: "\(path(directory)) does not exist, and the settings do not give both keys")
  }

  private static func path(_ directory: String) -> String { "\(directory)/\(fileName)" }

  private static func read(_ directory: String) throws(ConfigurationError) -> [UInt8]? {
    try SmallFile.readIfThere(path(directory))
  }

  /// The keys of the settings, completed from the file's text.
  private static func keys(
    _ text: [UInt8], _ app: AppConfiguration, _ directory: String
  ) throws(ConfigurationError) -> Secrets {
    let values: NamedValues
    do throws(KeyValueLines.Malformed) {
      values = try KeyValueLines(text).values
    } catch {
      throw ConfigurationError(
        description: "\(path(directory)), line \(error.line): must be KEY=VALUE; restore it from a backup")
    }
    func key(_ setting: Setting, given: String?) throws(ConfigurationError) -> String {
      if let given { return given }
      guard let value = values[setting.name], !value.isEmpty else {
        throw ConfigurationError(
          description: "\(path(directory)) has no \(setting.name); restore the file from a backup")
      }
      return value
    }
    return keys(
      try key(.encryptionKey, given: app.encryptionKey), try key(.sessionKey, given: app.sessionKey), app)
  }

  /// The keys with their previous keys. If only one key has changed, the other is the same in both.
  private static func keys(_ encryption: String, _ session: String, _ app: AppConfiguration) -> Secrets {
    if app.previousEncryptionKey == nil, app.previousSessionKey == nil {
      return Secrets(encryption: encryption, session: session)
    }
    let previous = Secrets(
      encryption: app.previousEncryptionKey ?? encryption, session: app.previousSessionKey ?? session)
    return Secrets(encryption: encryption, session: session, previous: previous)
  }

  /// Creates the file with random keys.
  ///
  /// The file is written under a temporary name and then linked to its final name (link(2)). So no process
  /// reads half a file. The link fails if another process was first, and both use the keys of the first.
  private static func make(in directory: String, random: some RandomSource) throws(ConfigurationError) {
    let path = path(directory)
    let text = """
      \(Setting.encryptionKey.name)=\(Hexadecimal.text(random.bytes(32)))
      \(Setting.sessionKey.name)=\(Hexadecimal.text(random.bytes(32)))

      """
    let temporaryPath = "\(path).\(getpid()).\(random.number())"
    do throws(SystemError) {
      try File.create(temporaryPath, contents: Array(text.utf8))
      defer { unsafe unlink(temporaryPath) }
      if unsafe link(temporaryPath, path) != 0, Errno.current != .fileExists {
        throw SystemError("link \(path)")
      }
      // The name must be as durable as the contents: without its keys the store is unusable.
      try File.syncDirectory(directory)
    } catch {
      throw ConfigurationError(description: "\(error)")
    }
  }
}
