import DashboardRecords
import DashboardSystem
import DashboardWireFormat

/// Descriptor 1, as a command uses it: text for people, or JSON.
struct Output: Sendable {
  let isJSON: Bool

  /// - Throws: `Errno`, such as for a full disk. A reader that has gone, as in `dashboard account list | head`, gets no error.
  static func write(_ text: String) throws(Errno) {
    do throws(Errno) {
      try put(text)
    } catch .brokenPipe {
    } catch {
      throw error
    }
  }

  /// - Throws: `Errno`, also for a reader that has gone: what a change has made is told only once.
  private static func put(_ text: String) throws(Errno) {
    try FileDescriptor.standardOutput.writeAll(Array(text.utf8).span)
  }

  /// Writes a value, or else lines of names and their values.
  func show(_ value: some JSONEncodable, _ lines: [(name: String, value: String?)]) throws(Errno) {
    if isJSON { return try Self.write(Self.json(value) + "\n") }
    let width = lines.map(\.name.count).max() ?? 0
    let text = lines.map { line in
      guard let value = line.value else { return "" }
      return line.name + String(repeating: " ", count: width - line.name.count + 2) + Self.safe(value) + "\n"
    }
    try Self.write(text.joined())
  }

  /// Writes a value, or else a sentence.
  func say(_ value: some JSONEncodable, _ sentence: String) throws(Errno) {
    try Self.put((isJSON ? Self.json(value) : Self.safe(sentence)) + "\n")
  }

  /// Characters beyond ASCII are escaped, as no terminal takes them for commands then.
  static func json(_ value: some JSONEncodable) -> String {
    String(decoding: JSONWriter.ascii(value), as: UTF8.self)
  }

  /// The text without characters that a terminal takes for commands, or that turn the direction of the text around them: such ones are
  /// shown as `\u{1B}`.
  static func safe(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
        safe += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  /// A moment for people, to the minute in UTC, such as `2026-11-30 13:48`.
  static func time(_ time: Timestamp?) -> String {
    guard let time else { return "-" }
    let text = "\(time)"
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
  }
}

/// A list that is written in pieces, so that a long one needs little memory: a table for people, or a JSON array.
struct Table<Row: JSONEncodable & Sendable> {
  struct Column {
    let title: String
    let text: (Row) -> String

    init(_ title: String, _ text: @escaping (Row) -> String) { (self.title, self.text) = (title, text) }
  }

  let columns: [Column]

  /// - Parameter next: returns the next rows; none at the end. The first ones give the widths of the columns.
  func write(_ output: Output, empty: String, _ next: () throws -> [Row]) throws {
    var rows = try next()
    if output.isJSON {
      var separator = "["
      while !rows.isEmpty {
        let texts = rows.map(Output.json)
        try Output.write(separator + texts.joined(separator: ",\n"))
        separator = ",\n"
        rows = try next()
      }
      return try Output.write(separator == "[" ? "[]\n" : "]\n")
    }
    if rows.isEmpty { return try Output.write(empty + "\n") }
    var cells = rows.map { row in columns.map { Output.safe($0.text(row)) } }
    let widths = columns.indices.map { place in
      max(columns[place].title.count, cells.map { $0[place].count }.max() ?? 0)
    }
    try Output.write(Self.line(columns.map(\.title), widths))
    while !cells.isEmpty {
      try Output.write(cells.map { Self.line($0, widths) }.joined())
      rows = try next()
      cells = rows.map { row in columns.map { Output.safe($0.text(row)) } }
    }
  }

  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = zip(cells, widths).map { cell, width in
      cell + String(repeating: " ", count: max(0, width - cell.count))
    }
    let line = padded.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
  }
}
