import CDashboardLinux
import DashboardWireFormat
import TestSupport

/// The speed of decoding bodies of 64 MiB in memory. The baselines are Python's: werkzeug's parser for multipart bodies, and
/// `urllib.parse` for urlencoded bodies. Each side times itself, and they take turns.
enum Decoding {
  private static let size = 64 << 20
  /// The size of one read of the gateway.
  private static let piece = 64 * 1024
  /// In WebKit's format.
  private static let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW7"

  static func run(_ effort: Effort) throws {
    let python = try Python()
    print("\nDecoding bodies of 64 MiB in memory\n")
    print("| what | Python: GB/s | GB/s | ratio | goal | |\n|---|---|---|---|---|---|")
    var rows: [String] = []
    var speeds: [Double] = []
    for (name, content, goal) in multipartContents {
      let body = multipart(content)
      let file = try python.file(body)
      var found: [Double] = []
      var (theirs, ours, oursInPieces): ([Double], [Double], [Double]) = ([], [], [])
      for _ in 0..<effort.rounds(7) {
        theirs.append(try python.speed("multipart \(boundary) \(file)"))
        ours.append(try speed(body) { try decode(body) })
        oursInPieces.append(try speed(body) { try decodeInPieces(body) })
        found.append(try speed(body) { try find(in: body) })
      }
      print(Measurement("multipart, \(name)", baseline: theirs, measured: ours).row(goal ?? .informative))
      print(
        Measurement("the same in pieces of 64 KiB", baseline: theirs, measured: oursInPieces).row(
          .informative)
      )
      rows.append(Measurement("multipart, \(name)", baseline: found, measured: ours).row(.informative))
      if goal != nil { speeds.append(ours.median) }
    }
    let evenness = (speeds.min() ?? .nan) / (speeds.max() ?? .nan)
    print(
      "| multipart, the slowest kind to the fastest | – | – | \(decimal(evenness)) "
        + "| \(Goal.atLeast(0.5).cells(evenness)) |")

    for (name, value, goal) in urlEncodedValues {
      let body = urlEncoded(value)
      let file = try python.file(body)
      var (theirs, ours, copied): ([Double], [Double], [Double]) = ([], [], [])
      for round in 0..<effort.rounds(7) {
        // Python takes seconds, so its first three rounds are used again.
        theirs.append(round < 3 ? try python.speed("urlencoded \(file)") : theirs[round % 3])
        ours.append(try speed(body) { try decodeForm(body) })
        copied.append(speed(body) { copy(body) })
      }
      let measurement = Measurement("urlencoded, \(name)", baseline: theirs, measured: ours)
      print("\(measurement.row) \(Goal.atLeast(goal).cells(ours.median)) |")
      rows.append(Measurement("urlencoded, \(name)", baseline: copied, measured: ours).row(.informative))
    }
    print(
      "\nGoals of urlencoded bodies are in GB/s. The same, compared with `memmem` of the boundary and with a copy:\n"
    )
    print("| what | memmem, memcpy: GB/s | GB/s | ratio | goal | |\n|---|---|---|---|---|---|")
    for row in rows { print(row) }
  }

  // MARK: Bodies

  private static var multipartContents: [(String, [UInt8], Goal?)] {
    var random = SeededRandom(seed: 1)
    let bytes = (0..<size / 8).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
    // Lines of 0 to 15 bytes.
    let lines = bytes.prefix(size / 8).flatMap {
      [UInt8](repeating: $0 | 0x20, count: Int($0 & 15)) + Array("\r\n".utf8)
    }
    return [
      ("random", bytes, .atLeast(4)),
      ("CRLF-heavy", lines, .atLeast(4)),
      ("hostile: repeated CRLF `-`", Array("\r\n-".utf8), .atLeast(4)),
      ("a repeated delimiter without its last byte", Array("\r\n--\(boundary)".utf8.dropLast()), nil),
      ("a repeated delimiter with one more byte", Array("\r\n--\(boundary)x".utf8), nil),
    ]
  }

  /// A file between two small fields. The content is repeated up to `size`.
  private static func multipart(_ content: [UInt8]) -> [UInt8] {
    func field(_ name: String) -> String {
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\nvalue\r\n"
    }
    var body = Array(
      (field("first") + "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n"
        + "Content-Type: application/octet-stream\r\n\r\n").utf8)
    body.reserveCapacity(size + content.count + 1024)
    while body.count < size { body += content.prefix(size - body.count) }
    return body + Array("\r\n\(field("last"))--\(boundary)--\r\n".utf8)
  }

  private static let urlEncodedValues = [
    ("plain text", "plain-text_of.letters", 1.0),
    ("words with `+` between them", "some+words+of+five+more+", 0.3),
    ("all escaped", "%C3%A4%61%2e", 0.3),
  ]

  /// A body with the maximum number of fields.
  private static func urlEncoded(_ value: String) -> [UInt8] {
    let count = size / FormLimits.fields / value.utf8.count
    return (0..<FormLimits.fields).flatMap { "f\($0)=\(String(repeating: value, count: count))&".utf8 }
  }

  // MARK: Decoders

  /// In GB/s.
  private static func speed(_ body: [UInt8], _ work: () throws -> Void) rethrows -> Double {
    Double(body.count) / 1000 / (try Measurement.time(1, work))
  }

  private static func decode(_ body: [UInt8]) throws {
    try check(MultipartDecoder.decode(body, boundary: Array(boundary.utf8)[...]))
  }

  private static func decodeInPieces(_ body: [UInt8]) throws {
    var decoder = try MultipartDecoder(boundary: Array(boundary.utf8)[...])
    for start in stride(from: 0, to: body.count, by: piece) {
      try decoder.append(body[start..<min(body.count, start + piece)])
    }
    try check(decoder.finish())
  }

  private static func check(_ body: MultipartBody) throws {
    let form = try Form(body)
    guard form["last"] != nil, form.uploads.count == 1 else {
      throw TestFailure("the body was decoded wrongly")
    }
  }

  private static func decodeForm(_ body: [UInt8]) throws {
    guard try Form(urlEncoded: body[...])["f999"] != nil else {
      throw TestFailure("the body was decoded wrongly")
    }
  }

  /// Searches for the closing delimiter with memmem(3).
  private static func find(in body: [UInt8]) throws {
    let isFound = Array("\(boundary)--".utf8).withUnsafeBytes { needle in
      body.withUnsafeBytes { memmem($0.baseAddress, $0.count, needle.baseAddress, needle.count) != nil }
    }
    guard isFound else { throw TestFailure("memmem finds nothing") }
  }

  private static func copy(_ body: [UInt8]) {
    let copy = [UInt8](unsafeUninitializedCapacity: body.count) { buffer, count in
      count = buffer.initialize(fromContentsOf: body)
    }
    precondition(copy.count == body.count)
  }
}

/// The program `multipart.py`, in the virtual environment of deploy/bench.
private struct Python {
  private let directory: TemporaryDirectory
  private let program = "\(Programs.root)/.local/bench/venv/bin/python"
  private let script = "\(Programs.root)/Tests/Benchmarks/Baselines/multipart.py"

  init() throws { directory = try TemporaryDirectory() }

  /// Writes a body to a file for the program, and replaces the previous body.
  func file(_ body: [UInt8]) throws -> String {
    let path = directory.path("body")
    try Files.write(body, to: path)
    return path
  }

  /// Runs one line of multipart.py's input and returns bytes per nanosecond.
  func speed(_ line: String) throws -> Double {
    let ending = try ChildProcess.run([program, script], input: line + "\n")
    guard let speed = Double(ending.output.dropLast()) else { throw TestFailure("\(ending)") }
    return speed
  }
}
