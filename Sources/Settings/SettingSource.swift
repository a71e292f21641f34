import DashboardRecords

/// The given values in layers. An earlier layer wins over a later one. An empty value counts as not given.
package struct SettingSource: Sendable {
  struct Layer: Sendable {
    /// A path, "environment" or "DASHBOARD_CONFIG".
    let name: String
    let values: NamedValues
  }

  private var layers: [Layer]

  init(_ layers: [Layer]) { self.layers = layers }

  /// This source with another layer on top.
  ///
  /// If the layer gives a key, only the layer can give the previous key.
  func overlaid(with layer: Layer) -> SettingSource {
    func isGiven(_ key: Setting) -> Bool { layer.values[key.name]?.isEmpty == false }
    let lower = layers.map { below in
      var values = below.values
      if isGiven(.encryptionKey) { values.remove(Setting.previousEncryptionKey.name) }
      if isGiven(.sessionKey) { values.remove(Setting.previousSessionKey.name) }
      return Layer(name: below.name, values: values)
    }
    return SettingSource([layer] + lower)
  }

  /// The given value and its layer; `nil` if no layer gives the setting.
  package func given(_ setting: Setting) -> (value: String, layer: String)? {
    for layer in layers {
      if let value = layer.values[setting.name], !value.isEmpty { return (value, layer.name) }
    }
    return nil
  }

  static func error(_ setting: Setting, _ value: String) -> ConfigurationError {
    let shown = setting.isSecret ? "(hidden)" : "'\(value)'"
    return ConfigurationError(description: "\(setting.name) is \(shown); it must be \(setting.allowed)")
  }

  // MARK: Checked values

  func text(_ setting: Setting) throws(ConfigurationError) -> String? {
    guard let value = given(setting)?.value else { return nil }
    guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw Self.error(setting, "…")
    }
    return value
  }

  /// A name of 1 to 64 letters, digits, `_` and `-`, as an app's is.
  func token(_ setting: Setting) throws(ConfigurationError) -> String? {
    guard let name = try text(setting) else { return nil }
    guard AppName(name) != nil else { throw Self.error(setting, name) }
    return name
  }

  /// A secret as a client sends it: 16 to 256 characters of `b64token` (RFC 6750 section 2.1).
  func bearerToken(_ setting: Setting) throws(ConfigurationError) -> String? {
    guard let token = try text(setting) else { return nil }
    let isToken = token.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-._~+/=".utf8.contains(byte)
      }
    }
    guard isToken, (16...256).contains(token.utf8.count) else { throw Self.error(setting, token) }
    return token
  }

  func boolean(_ setting: Setting) throws(ConfigurationError) -> Bool {
    switch try text(setting) ?? setting.standard {
    case "true": true
    case "false": false
    case let value: throw Self.error(setting, value)
    }
  }

  func choice<Value: RawRepresentable<String>>(_ setting: Setting) throws(ConfigurationError) -> Value {
    let text = try text(setting) ?? setting.standard
    guard let value = Value(rawValue: text) else { throw Self.error(setting, text) }
    return value
  }

  func integer(_ setting: Setting, standard: Int? = nil) throws(ConfigurationError) -> Int {
    let given = try text(setting)
    if given == nil, let standard { return standard }
    let value = given ?? setting.standard
    let number: Int?
    let range: ClosedRange<Int>
    switch setting.kind {
    case .integer(let allowed): (number, range) = (Self.digits(value.utf8[...]), allowed)
    case .size(let allowed): (number, range) = (Self.size(value), allowed)
    case .boolean, .choice, .token, .bearerToken, .origins, .domain, .profileFields, .languages, .path, .text:
      (number, range) = (nil, 0...0)
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

  /// Names separated by commas. A lone comma is an empty list.
  func profileFields(_ setting: Setting) throws(ConfigurationError) -> ProfileFields {
    let text = try text(setting) ?? setting.standard
    var fields = ProfileFields()
    for name in Self.list(text) {
      guard let field = ProfileField(name: name) else { throw Self.error(setting, name) }
      fields.insert(field)
    }
    return fields
  }

  func languages(_ setting: Setting) throws(ConfigurationError) -> [Language] {
    var languages: [Language] = []
    for tag in Self.list(try text(setting) ?? setting.standard) {
      guard let language = Language(rawValue: tag) else { throw Self.error(setting, tag) }
      if !languages.contains(language) { languages.append(language) }
    }
    return languages
  }

  /// Origins as browsers write them (RFC 6454 section 6.2), separated by commas.
  func origins(_ setting: Setting) throws(ConfigurationError) -> [String] {
    var origins = Self.list(try text(setting) ?? "")
    for (index, origin) in origins.enumerated() {
      guard Self.isOrigin(origin) else { throw Self.error(setting, origin) }
      // Browsers leave out a scheme's own port.
      for (scheme, port) in [("http://", ":80"), ("https://", ":443")]
      where origin.hasPrefix(scheme) && origin.hasSuffix(port) {
        origins[index] = String(origin.dropLast(port.count))
      }
    }
    return origins
  }

  /// A path that no browser takes for another site's URL (WHATWG URL section 4.4).
  func path(_ setting: Setting) throws(ConfigurationError) -> String? {
    guard let path = try text(setting) else { return nil }
    let bytes = path.utf8
    guard bytes.first == UInt8(ascii: "/"), !bytes.dropFirst().starts(with: "/".utf8),
      bytes.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") })
    else { throw Self.error(setting, path) }
    return path
  }

  func domain(_ setting: Setting) throws(ConfigurationError) -> String? {
    guard let domain = try text(setting) else { return nil }
    guard Self.isHostName(domain.utf8[...]) else { throw Self.error(setting, domain) }
    return domain
  }

  // MARK: Parsers of bytes, because Characters are too slow for a CGI process

  private static func list(_ text: String) -> [String] {
    var (elements, rest) = ([String](), Array(text.utf8)[...])
    while !rest.isEmpty {
      let element = trimmedPiece(of: &rest) { $0 == UInt8(ascii: ",") }
      if !element.isEmpty { elements.append(String(decoding: element, as: UTF8.self)) }
    }
    return elements
  }

  /// True for a scheme, a host and possibly a port.
  private static func isOrigin(_ text: String) -> Bool {
    for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
      let rest = text.utf8.dropFirst(scheme.count)
      guard rest.first == UInt8(ascii: "[") else {
        let end = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
        return isHostName(rest[..<end]) && isPortOrNothing(rest[end...])
      }
      guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
      let address = rest[..<end].dropFirst()
      return address.contains(UInt8(ascii: ":"))
        && address.allSatisfy { isLowercaseHexadecimal($0) || $0 == UInt8(ascii: ":") }
        && isPortOrNothing(rest[end...].dropFirst())
    }
    return false
  }

  /// Labels of lowercase letters, digits and inner hyphens, separated by dots (RFC 1123 section 2.1).
  private static func isHostName(_ text: Substring.UTF8View) -> Bool {
    let hyphen = UInt8(ascii: "-")
    return text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
      !label.isEmpty && label.first != hyphen && label.last != hyphen
        && label.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
          default: byte == hyphen
          }
        }
    }
  }

  private static func isPortOrNothing(_ text: Substring.UTF8View) -> Bool {
    if text.isEmpty { return true }
    guard text.first == UInt8(ascii: ":"), let port = digits(text.dropFirst()) else { return false }
    return (1...65_535).contains(port)
  }

  private static func isLowercaseHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }

  private static func digits(_ text: Substring.UTF8View) -> Int? {
    text.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) ? Int(Substring(text)) : nil
  }

  private static func size(_ text: String) -> Int? {
    let factor: Int
    switch text.utf8.last {
    case UInt8(ascii: "K"): factor = 1 << 10
    case UInt8(ascii: "M"): factor = 1 << 20
    case UInt8(ascii: "G"): factor = 1 << 30
    default: return digits(text.utf8[...])
    }
    guard let number = digits(text.utf8.dropLast()) else { return nil }
    let (product, overflows) = number.multipliedReportingOverflow(by: factor)
    return overflows ? nil : product
  }
}
