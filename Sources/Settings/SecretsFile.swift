package import DashboardCrypto
import DashboardSystem
import DashboardWireFormat
import Glibc

/// The keys of a data directory: from the settings, or from the file that the first start made.
package enum SecretsFile {
  private static let fileName = "secrets"

  /// Keys that are not given are read from `secrets` in the data directory, which is made (mode 0600) if it is not
  /// there; of several processes that start at once, one makes it and the others read it.
  ///
  /// - Parameter makesThem: whether they are made if they are not there.
  package static func keys(
    for app: AppConfiguration, in directory: String, random: some RandomSource, makesThem: Bool = true
  ) throws(ConfigurationError) -> Secrets {
    if let encryption = app.encryptionKey, let session = app.sessionKey {
      return keys(encryption, session, app)
    }
    if let text = try read(directory) { return try keys(text, app, directory) }
    if makesThem {
      try make(in: directory, random: random)
      if let text = try read(directory) { return try keys(text, app, directory) }
    }
    throw ConfigurationError(description: "\(path(directory)) is not there, nor are both keys given")
  }

  private static func path(_ directory: String) -> String { "\(directory)/\(fileName)" }

  private static func read(_ directory: String) throws(ConfigurationError) -> [UInt8]? {
    try SmallFile.readIfThere([directory, "/", fileName])
  }

  /// Those that are not given from the file's text.
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

  /// With those before them, of which one may still be the same.
  private static func keys(_ encryption: String, _ session: String, _ app: AppConfiguration) -> Secrets {
    if app.previousEncryptionKey == nil, app.previousSessionKey == nil {
      return Secrets(encryption: encryption, session: session)
    }
    let previous = Secrets(
      encryption: app.previousEncryptionKey ?? encryption, session: app.previousSessionKey ?? session)
    return Secrets(encryption: encryption, session: session, previous: previous)
  }

  /// Written whole under a name of its own and then linked to its name, which fails if another process was first:
  /// nobody ever reads half a file, and all agree.
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
      // The name must be as durable as the contents: without its keys the store is lost too.
      try File.syncDirectory(directory)
    } catch {
      throw ConfigurationError(description: "\(error)")
    }
  }
}
