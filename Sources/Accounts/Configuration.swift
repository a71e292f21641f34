/// All settings, checked.
package struct Configuration: Sendable {
  package let dataDirectory: String
  package let appName: AppName
  package let bcryptCost: Int
  /// Unicode scalars.
  package let usernameLength: ClosedRange<Int>
  /// Unicode scalars.
  package let passwordLength: ClosedRange<Int>
  package let pageSize: Int
  /// Bytes.
  package let bodyLength: Int
  package let registrationIsClosed: Bool
  /// Bytes.
  package let mapSize: Int
  package let eventThreads: Int
  package let hashingThreads: Int
  /// Seconds.
  package let shutdownTimeout: Int
  package let allowedOrigins: [String]
  /// As given; secrets that are not given are made at the first start.
  package let encryptionKey: String?
  package let sessionKey: String?
  /// What works but should not stay so, for the operator.
  package private(set) var warnings: [String]

  /// - Parameters:
  ///   - file: the contents of the file that DASHBOARD_CONFIG names: `KEY=VALUE` lines; those that begin with `#` are comments.
  ///   - cores: what the numbers of threads are if nobody says otherwise.
  ///   - environment: values by their names; they win over the file.
  package init(file: String = "", cores: Int, environment: [String: String])
    throws(ConfigurationError)
  {
    let fromFile: [String: String]
    do throws(KeyValueLines.Malformed) {
      fromFile = try KeyValueLines(file).values
    } catch {
      throw ConfigurationError(description: "DASHBOARD_CONFIG, line \(error.line): must be KEY=VALUE")
    }
    // An empty value counts as not given.
    let source = Source(values: fromFile.merging(environment.filter { !$0.value.isEmpty }) { $1 })
    let threads = min(max(cores, 1), 256)

    dataDirectory = try source.text(.dataDirectory) ?? Setting.dataDirectory.standard
    let appName = try source.text(.appName) ?? Setting.appName.standard
    guard let appName = AppName(appName) else { throw Source.error(.appName, appName) }
    self.appName = appName
    bcryptCost = try source.integer(.bcryptCost)
    usernameLength = try source.range(.minimumUsername, .maximumUsername)
    passwordLength = try source.range(.minimumPassword, .maximumPassword)
    pageSize = try source.integer(.pageSize)
    bodyLength = try source.integer(.bodyLength)
    registrationIsClosed = try source.boolean(.registrationIsClosed)
    mapSize = try source.integer(.mapSize)
    eventThreads = try source.integer(.eventThreads, standard: threads)
    hashingThreads = try source.integer(.hashingThreads, standard: threads)
    shutdownTimeout = try source.integer(.shutdownTimeout)
    allowedOrigins = try source.origins(.allowedOrigins)
    encryptionKey = try source.text(.encryptionKey)
    sessionKey = try source.text(.sessionKey)

    let names = Set(Setting.all.map(\.name))
    let unknown = fromFile.keys.filter { !names.contains($0) }.sorted()
    warnings = unknown.map { "DASHBOARD_CONFIG: there is no setting \($0)" }
    if bcryptCost < 10 {
      warnings.append(
        "\(Setting.bcryptCost.name) is \(bcryptCost): passwords are hashed too cheaply for anything but tests"
      )
    }
  }
}

/// Values as somebody wrote them. An empty one counts as not given.
private struct Source {
  let values: [String: String]

  static func error(_ setting: Setting, _ value: String) -> ConfigurationError {
    let shown = setting.isSecret ? "(hidden)" : "'\(value)'"
    return ConfigurationError(description: "\(setting.name) is \(shown); it must be \(setting.allowed)")
  }

  func text(_ setting: Setting) throws(ConfigurationError) -> String? {
    guard let value = values[setting.name], !value.isEmpty else { return nil }
    guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw Self.error(setting, "…")
    }
    return value
  }

  /// Origins as browsers write them (RFC 6454 section 6.2), separated by commas.
  func origins(_ setting: Setting) throws(ConfigurationError) -> [String] {
    let origins = (try text(setting) ?? "").split(separator: ",").map(trimmed).filter { !$0.isEmpty }
    for origin in origins where !Self.isOrigin(origin) { throw Self.error(setting, origin) }
    return origins
  }

  private static func isOrigin(_ text: String) -> Bool {
    for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
      let host = text.dropFirst(scheme.count)
      return !host.isEmpty
        && host.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
          default: ".-:[]".utf8.contains(byte)
          }
        }
    }
    return false
  }

  func boolean(_ setting: Setting) throws(ConfigurationError) -> Bool {
    switch try text(setting) ?? setting.standard {
    case "true": true
    case "false": false
    case let value: throw Self.error(setting, value)
    }
  }

  func integer(_ setting: Setting, standard: Int? = nil) throws(ConfigurationError) -> Int {
    let value = try text(setting) ?? standard.map(String.init) ?? setting.standard
    let number: Int?
    let range: ClosedRange<Int>
    switch setting.kind {
    case .integer(let allowed): (number, range) = (Self.digits(value[...]), allowed)
    case .size(let allowed): (number, range) = (Self.size(value), allowed)
    case .boolean, .appName, .origins, .text: (number, range) = (nil, 0...0)
    }
    guard let number, range.contains(number) else { throw Self.error(setting, value) }
    return number
  }

  func range(_ least: Setting, _ most: Setting) throws(ConfigurationError) -> ClosedRange<Int> {
    let (lower, upper) = (try integer(least), try integer(most))
    guard lower <= upper else {
      throw ConfigurationError(
        description: "\(least.name) is '\(lower)'; it must not be more than \(most.name), which is '\(upper)'"
      )
    }
    return lower...upper
  }

  private static func digits(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
  }

  private static func size(_ text: String) -> Int? {
    let factors: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    guard let last = text.last, let factor = factors[last] else { return digits(text[...]) }
    guard let number = digits(text.dropLast()) else { return nil }
    let (product, overflows) = number.multipliedReportingOverflow(by: factor)
    return overflows ? nil : product
  }
}
