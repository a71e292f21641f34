package import DashboardCrypto
import DashboardWireFormat

/// The keys of a data directory: from the settings, or from the file that the first start creates (`FirstStart`).
package enum SecretsFile {
  /// The keys of an app.
  ///
  /// - Parameter name: the file of the keys that the settings do not give.
  /// - Throws: if a key is missing or the file is malformed.
  package static func keys(
    for app: AppConfiguration, in directory: String, name: String = FirstStart.secretsName
  ) throws(ConfigurationError) -> Secrets {
    if let encryption = app.encryptionKey, let session = app.sessionKey {
      return keys(encryption, session, app)
    }
    let path = "\(directory)/\(name)"
    guard let text = try SmallFile.readIfThere(path) else {
      throw ConfigurationError(description: "\(path) does not exist, and the settings do not give both keys")
    }
    return try keys(text, app, path)
  }

  /// The keys of the settings, completed from the file's text.
  private static func keys(
    _ text: [UInt8], _ app: AppConfiguration, _ path: String
  ) throws(ConfigurationError) -> Secrets {
    let values: NamedValues
    do throws(KeyValueLines.Malformed) {
      values = try KeyValueLines(text).values
    } catch {
      throw ConfigurationError(
        description: "\(path), line \(error.line): must be KEY=VALUE; restore it from a backup")
    }
    func key(_ setting: Setting, given: String?) throws(ConfigurationError) -> String {
      if let given { return given }
      guard let value = values[setting.name], !value.isEmpty else {
        throw ConfigurationError(
          description: "\(path) has no \(setting.name); restore the file from a backup")
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
}
