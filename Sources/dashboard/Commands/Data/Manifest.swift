import DashboardCrypto
import DashboardSystem
import DashboardWireFormat

/// The list of a backup's files, which `sha256sum -c manifest` reads too.
///
/// A line `# NAME: VALUE` says what the backup is, and how long each file is. The lines of the files follow: their SHA-256 in
/// hexadecimal digits, two spaces and the name.
struct Manifest {
  struct File: Equatable {
    let name: String
    /// In bytes; `nil` if the manifest does not say it.
    let length: Int?
    /// SHA-256 in hexadecimal digits.
    let hash: String
  }

  static let name = "manifest"
  private static let head = "# A backup of Dashboard. To compare its files: sha256sum -c manifest"

  private(set) var facts: [(name: String, value: String)]
  private(set) var files: [File] = []

  init(facts: [(name: String, value: String)]) { self.facts = facts }

  mutating func add(_ file: File) { files.append(file) }

  subscript(_ name: String) -> String? { facts.first { $0.name == name }?.value }

  var text: String {
    let lengths = files.compactMap { file in file.length.map { ("length of \(file.name)", "\($0)") } }
    let lines =
      [Self.head] + (facts + lengths).map { "# \($0): \($1)" } + files.map { "\($0.hash)  \($0.name)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A line that is neither.
  struct Malformed: Error {
    let line: Int
  }

  init(_ text: [UInt8]) throws(Malformed) {
    facts = []
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // The text after the last line end, which is empty.
    guard lines.popLast()?.isEmpty == true else { throw Malformed(line: lines.count + 1) }
    for (index, bytes) in lines.enumerated() {
      let line = String(decoding: bytes, as: UTF8.self)
      if line == Self.head { continue }
      if line.hasPrefix("# "), let colon = line.indices.first(where: { line[$0...].hasPrefix(": ") }) {
        facts.append((String(line[..<colon].dropFirst(2)), String(line[colon...].dropFirst(2))))
        continue
      }
      let (hash, name) = (bytes.prefix(64), bytes.dropFirst(66))
      guard hash.count == 64, Hexadecimal.bytes(hash) != nil, !name.isEmpty,
        bytes.dropFirst(64).starts(with: "  ".utf8)
      else { throw Malformed(line: index + 1) }
      let text = String(decoding: name, as: UTF8.self)
      let length = self["length of \(text)"].flatMap { Int($0) }
      files.append(File(name: text, length: length, hash: String(decoding: hash, as: UTF8.self)))
    }
  }
}

extension Manifest.File {
  private static let piece = 1 << 20

  /// Reads a file to its end.
  ///
  /// - Parameter take: gets each piece.
  init(
    _ name: String, _ file: FileDescriptor, take: (Span<UInt8>) throws(Errno) -> Void = { _ in }
  ) throws(Errno) {
    var (hash, length, piece) = (SHA256(), 0, [UInt8](repeating: 0, count: Self.piece))
    while true {
      let count = try file.read(into: &piece)
      if count == 0 { break }
      let bytes = piece.span.extracting(first: count)
      hash.update(bytes)
      try take(bytes)
      length += count
    }
    self.init(name: name, length: length, hash: Hexadecimal.text(hash.finish()))
  }

  init(_ name: String, _ contents: [UInt8]) {
    self.init(name: name, length: contents.count, hash: Hexadecimal.text(Hash.sha256(contents)))
  }
}
