/// The file that DASHBOARD_CONFIG names, and those of single apps.
package enum SettingsFile {
  /// Its contents, at most 64 KiB.
  package static func read(_ path: String) throws(ConfigurationError) -> [UInt8] {
    do throws(SmallFile.Failure) {
      return try SmallFile.read(path)
    } catch {
      throw ConfigurationError(
        description: "DASHBOARD_CONFIG is '\(path)', which can't be read: \(error.reason)")
    }
  }

  /// - Parameter name: how an error calls the file.
  static func values(_ text: [UInt8], _ name: String) throws(ConfigurationError) -> NamedValues {
    do throws(KeyValueLines.Malformed) {
      return try KeyValueLines(text).values
    } catch {
      throw ConfigurationError(description: "\(name), line \(error.line): must be KEY=VALUE")
    }
  }

  /// A warning for each name that is none of a setting.
  static func unknownNames(_ values: NamedValues, _ name: String) -> [Warning] {
    let unknown = values.names.filter { name in !Setting.all.contains { $0.name == name } }
    guard !unknown.isEmpty else { return [] }
    return unknown.sorted().map { Warning("\(name): there is no setting \($0)", isMistake: true) }
  }
}

/// What works but should not stay so, for the operator.
package struct Warning: CustomStringConvertible, Sendable {
  package let description: String
  /// Whether nobody can have meant it.
  package let isMistake: Bool

  init(_ description: String, isMistake: Bool = false) {
    self.description = description
    self.isMistake = isMistake
  }
}

/// A handful of values by their names. A dictionary would take a process that answers one request longer to make than all of
/// it takes to search.
package struct NamedValues: Sendable {
  // Two arrays of texts, which there are anyhow: one of pairs would be a type to make first.
  private(set) var names: [String] = []
  private var values: [String] = []

  package init() {}

  package init(_ values: [String: String]) {
    for (name, value) in values { add(name, value) }
  }

  /// The value that was added last; `nil` if there is none.
  subscript(_ name: String) -> String? { names.lastIndex(of: name).map { values[$0] } }

  mutating func remove(_ name: String) {
    while let index = names.lastIndex(of: name) {
      names.remove(at: index)
      values.remove(at: index)
    }
  }

  package mutating func add(_ name: String, _ value: String) {
    names.append(name)
    values.append(value)
  }
}

/// `KEY=VALUE` lines; of several with one name the last counts. Blank ones and those that begin with `#` are passed over. Blanks around a name or a value are
/// dropped, then quotes around the value, and before all the mark with which editors on Windows begin a file.
struct KeyValueLines {
  private(set) var values = NamedValues()

  /// A line that is none of these.
  struct Malformed: Error {
    /// From 1 on.
    let line: Int
  }

  /// - Parameter text: UTF-8.
  init(_ text: [UInt8]) throws(Malformed) {
    var rest = text[...]
    if rest.starts(with: "\u{FEFF}".utf8) { rest = rest.dropFirst(3) }
    while !rest.isEmpty {
      let line = trimmedPiece(of: &rest) { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      var number: Int {
        String(decoding: text[..<line.startIndex], as: UTF8.self).count(where: \.isNewline) + 1
      }
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { throw Malformed(line: number) }
      let name = trimmed(line[..<equals])
      // Others may be a value where a `=` was forgotten, which no warning should repeat.
      let isPlain = !name.isEmpty && name.allSatisfy(isOfName)
      // A protection should not be off for a blank or an `export` in front of it.
      if !isPlain,
        Setting.all.contains(where: {
          name.starts(with: $0.name.utf8) || name.reversed().starts(with: $0.name.utf8.reversed())
        })
      {
        throw Malformed(line: number)
      }
      var value = trimmed(line[(equals + 1)...])
      if let quote = value.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"), value.count >= 2,
        value.last == quote
      {
        value = value.dropFirst().dropLast()
      }
      values.add(
        isPlain ? String(decoding: name, as: UTF8.self) : "named as in line \(number)",
        String(decoding: value, as: UTF8.self))
    }
  }
}

/// Whether it can be in the name of a setting.
private func isOfName(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
  default: false
  }
}

/// Takes what there is before the next separator, and that. Gives it without the blanks around it.
///
/// Of bytes: of characters it took more than half of what a CGI process does. And one after another: an array of them is a
/// type that such a process has to make first.
func trimmedPiece<Text: BidirectionalCollection<UInt8>>(
  of rest: inout Text, isSeparator: (UInt8) -> Bool
) -> Text where Text.SubSequence == Text {
  let piece = rest.prefix { !isSeparator($0) }
  rest = rest[piece.endIndex...].dropFirst()
  return trimmed(piece)
}

private func trimmed<Text: BidirectionalCollection<UInt8>>(_ text: Text) -> Text
where Text.SubSequence == Text {
  let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
  var rest = text.drop(while: isBlank)
  while let last = rest.last, isBlank(last) { rest.removeLast() }
  return rest
}
