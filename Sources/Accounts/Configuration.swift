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
  package let bodyLength: Int
  package let registrationIsClosed: Bool
  package let mapSize: Int
  package let eventThreads: Int
  package let hashingThreads: Int
  /// Seconds.
  package let shutdownTimeout: Int
  package let allowedOrigins: [String]
  /// As given; secrets that are not given are made at the first start.
  package let encryptionKey: String?
  package let sessionKey: String?

  /// - Parameters:
  ///   - file: the contents of the file that DASHBOARD_CONFIG names: `KEY=VALUE` lines, `#` before a comment.
  ///   - cores: what the numbers of threads are if nobody says otherwise.
  ///   - environment: the value of a variable; it wins over the file.
  package init(file: String = "", cores: Int, environment: @escaping (String) -> String?)
    throws(ConfigurationError)
  {
    let fromFile = try Self.parse(file)
    let source = Source { name in
      let value = environment(name)
      return value?.isEmpty == false ? value : fromFile[name]
    }
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
    allowedOrigins = (try source.text(.allowedOrigins) ?? "").split(separator: ",").map(trimmed).filter {
      !$0.isEmpty
    }
    encryptionKey = try source.text(.encryptionKey)
    sessionKey = try source.text(.sessionKey)
  }

  /// What works but should not be kept, for the operator.
  package var warnings: [String] {
    guard bcryptCost < 10 else { return [] }
    return [
      "\(Setting.bcryptCost.name) is \(bcryptCost): passwords are hashed too cheaply for anything but tests"
    ]
  }

  /// `KEY=VALUE` lines; blank ones and those that begin with `#` are passed over. Blanks around a name or a value are
  /// dropped, then quotes around the value.
  private static func parse(_ file: String) throws(ConfigurationError) -> [String: String] {
    var values: [String: String] = [:]
    var number = 0
    for line in file.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let text = trimmed(line)
      if text.isEmpty || text.first == "#" { continue }
      guard let equals = text.firstIndex(of: "=") else {
        throw ConfigurationError(description: "DASHBOARD_CONFIG, line \(number): must be KEY=VALUE")
      }
      var value = trimmed(text[text.index(after: equals)...])
      if let quote = value.first, quote == "\"" || quote == "'", value.count >= 2, value.last == quote {
        value = String(value.dropFirst().dropLast())
      }
      values[trimmed(text[..<equals])] = value
    }
    return values
  }
}

/// Without the blanks around it.
private func trimmed(_ text: some StringProtocol) -> String {
  let isBlank = { (character: Character) in character == " " || character == "\t" }
  return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
}

/// Values as somebody wrote them. An empty one counts as not given.
private struct Source {
  let lookUp: (String) -> String?

  static func error(_ setting: Setting, _ value: String) -> ConfigurationError {
    let shown = setting.isSecret ? "(hidden)" : "'\(value)'"
    return ConfigurationError(description: "\(setting.name) is \(shown); it must be \(setting.allowed)")
  }

  func text(_ setting: Setting) throws(ConfigurationError) -> String? {
    guard let value = lookUp(setting.name), !value.isEmpty else { return nil }
    guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw Self.error(setting, "…")
    }
    return value
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
    case .boolean, .appName, .text: (number, range) = (nil, 0...0)
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
