/// The file that DASHBOARD_CONFIG names, and the apps' files.
package enum SettingsFile {
  /// The contents of the file that DASHBOARD_CONFIG names, at most 64 KiB.
  package static func read(_ path: String) throws(ConfigurationError) -> [UInt8] {
    do throws(SmallFile.Failure) {
      return try SmallFile.read(path)
    } catch {
      throw ConfigurationError(
        description:
          "the settings file (DASHBOARD_CONFIG, --config) is '\(path)', which can't be read: \(error.reason)")
    }
  }

  /// The settings in a file's text.
  ///
  /// - Parameter name: the file's name in error messages.
  static func values(_ text: [UInt8], _ name: String) throws(ConfigurationError) -> NamedValues {
    do throws(KeyValueLines.Malformed) {
      return try KeyValueLines(text).values
    } catch {
      throw ConfigurationError(description: "\(name), line \(error.line): must be KEY=VALUE")
    }
  }

  /// A warning for each name that is not a setting any more, or never was.
  static func unknownNames(_ values: NamedValues, _ name: String) -> [Warning] {
    let unknown = values.names.filter { name in !Setting.all.contains { $0.name == name } }
    guard !unknown.isEmpty else { return [] }
    return unknown.sorted().map { setting in
      if let advice = Setting.former[setting] { return Warning("\(name): \(setting) \(advice)") }
      return Warning("\(name): unknown setting \(setting)", isMistake: true)
    }
  }
}

/// A message to the operator about a setting that works but should be changed.
package struct Warning: CustomStringConvertible, Sendable {
  package let description: String
  /// True if the setting has no effect, such as a misspelt name.
  package let isMistake: Bool

  package init(_ description: String, isMistake: Bool = false) {
    self.description = description
    self.isMistake = isMistake
  }
}

/// Values by name, in the order in which they were added. A few, so that a search takes less time than building a dictionary.
package struct NamedValues: Sendable {
  private struct Entry: Sendable {
    let name: String
    let value: String
  }

  private var entries: [Entry] = []

  package init() {}

  package init(_ values: [String: String]) {
    for (name, value) in values { add(name, value) }
  }

  /// The last value that was added for a name; `nil` if there is none.
  subscript(_ name: String) -> String? { entries.last { $0.name == name }?.value }

  var names: [String] { entries.map(\.name) }

  mutating func remove(_ name: String) { entries.removeAll { $0.name == name } }

  package mutating func add(_ name: String, _ value: String) {
    entries.append(Entry(name: name, value: value))
  }
}

/// `KEY=VALUE` lines. If a name occurs several times, the last line counts.
///
/// Empty lines and lines that begin with `#` are skipped. Blanks around names and values are dropped, and so
/// are quotes around a value. A byte order mark at the beginning of the file is skipped.
struct KeyValueLines {
  private(set) var values = NamedValues()

  /// A line that is neither `KEY=VALUE` nor a comment.
  struct Malformed: Error {
    /// The first line is 1.
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
      // Another name may be a secret value, which a warning must not repeat.
      let isPlain = !name.isEmpty && name.allSatisfy(isOfName)
      // `export NAME=…` must not leave a protection off without an error.
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
        isPlain ? String(decoding: name, as: UTF8.self) : "(line \(number))",
        String(decoding: value, as: UTF8.self))
    }
  }
}

/// True if the byte can be in the name of a setting.
private func isOfName(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
  default: false
  }
}

/// Removes the first piece and its separator from `rest`, and returns the piece without the blanks around it.
///
/// It works on bytes, because Characters are too slow for a CGI process. It returns one piece at a time,
/// because an array of pieces would be one more generic type (docs/design/build.md).
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
