import Glibc
import TestSupport
import Testing

/// Logs whose reader stalls, as a stopped terminal, a full pipe or a hanging log collector does.
@Suite("a log that is not read")
struct StalledLogTests {
  /// A pipe by name with room for some lines only. The test reads it when it likes.
  private final class Pipe {
    let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
      self.path = path
      guard mkfifo(path, 0o600) == 0 else { throw TestFailure(system: "mkfifo") }
      descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { throw TestFailure(system: "open the pipe") }
    }

    deinit { close(descriptor) }

    /// Fills the pipe with empty lines.
    func fill() {
      let lines = [UInt8](repeating: UInt8(ascii: "\n"), count: 4096)
      while write(descriptor, lines, lines.count) > 0 {}
    }

    private var text = ""

    /// All lines that were read, once `isEnough` holds.
    func lines(until isEnough: ([Substring]) -> Bool) -> [Substring] {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      _ = eventually {
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
          text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return isEnough(text.split(separator: "\n"))
      }
      return text.split(separator: "\n")
    }
  }

  private let directory: TemporaryDirectory
  private let pipe: Pipe

  init() throws {
    directory = try TemporaryDirectory()
    pipe = try Pipe(directory.path("log"))
  }

  private func start(_ settings: [String: String] = [:], log: String? = nil) throws -> ChildProcess {
    let redirection = settings["EVENT_LOG"] == nil ? #" 2>"$2""# : ""
    let process = try ChildProcess(
      [
        "/bin/sh", "-c", #"exec "$0" --listen "$1""# + redirection, Programs.dashboard,
        "unix:\(directory.path("socket"))", log ?? pipe.path,
      ],
      environment: ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"].merging(settings) {
        $1
      })
    try Address.unix(directory.path("socket")).waitUntilAnswered { process.isRunning }
    return process
  }

  private static func variables(_ path: String, body: [UInt8] = []) -> [(String, String)] {
    [("REQUEST_URI", path), ("REMOTE_ADDR", "192.0.2.1")]
      + (body.isEmpty
        ? [("REQUEST_METHOD", "GET")]
        : [
          ("REQUEST_METHOD", "POST"), ("CONTENT_LENGTH", "\(body.count)"),
          ("CONTENT_TYPE", "application/x-www-form-urlencoded"),
        ])
  }

  private static func signIn(_ client: FastCGIClient) throws -> Int {
    let body = Array("username=ada&password=wrong".utf8)
    return try client.ask(variables("/api/user/create-session", body: body), body: body).http.status
  }

  @Test("descriptor 2 delays no answer, loses lines of requests before events, and says how many")
  func descriptor2() throws {
    let process = try start(["LOG_LEVEL": "info", "MAXIMUM_ATTEMPTS": "1000000"])
    pipe.fill()
    let client = try FastCGIClient(.unix(directory.path("socket")))
    for number in 1...3000 {
      #expect(try client.ask(Self.variables("/api/settings")).http.status == 200)
      if number % 30 == 0 { #expect(try Self.signIn(client) == 401) }
    }
    let flags = try Files.text("/proc/\(process.pid)/fdinfo/2").split(separator: "\n").first {
      $0.hasPrefix("flags:")
    }
    let octal = try #require(flags?.split(separator: "\t").last.flatMap { Int32($0, radix: 8) })
    #expect(octal & O_NONBLOCK == 0)
    func events(_ lines: [Substring]) -> Int { lines.count { $0.contains(#""event":"sign-in-failed""#) } }
    var lines = pipe.lines { events($0) == 100 }
    #expect(events(lines) == 100)
    #expect(try client.ask(Self.variables("/api/settings")).http.status == 200)
    // A short line can find room where a longer one did not, so there can be several reports.
    func losses(_ lines: [Substring]) -> Int {
      lines.compactMap {
        $0.firstMatch(of: #/^dashboard: (\d+) lines of requests were lost/#).flatMap { Int($0.1) }
      }.reduce(0, +)
    }
    func told(_ lines: [Substring]) -> Int {
      lines.count { $0.contains(#""microseconds":"#) } + losses(lines)
    }
    lines = pipe.lines { told($0) == 3101 }
    #expect(told(lines) == 3101)
    #expect(losses(lines) > 0)
    for line in lines where line.hasPrefix("{") { _ = try JSON(Array(line.utf8)) }
    // The program ends although its last lines find no reader.
    pipe.fill()
    #expect(try Self.signIn(client) == 401)
    process.signal(SIGTERM)
    #expect(process.wait().status == 0)
  }

  @Test("a pipe as EVENT_LOG delays no answer and loses no event")
  func eventLog() throws {
    let process = try start(["EVENT_LOG": pipe.path, "MAXIMUM_ATTEMPTS": "1000000"])
    pipe.fill()
    let client = try FastCGIClient(.unix(directory.path("socket")))
    for _ in 0..<50 { #expect(try Self.signIn(client) == 401) }
    let lines = pipe.lines { $0.count == 50 }
    #expect(lines.count == 50)
    for line in lines { _ = try JSON(Array(line.utf8)) }
    #expect(try Self.signIn(client) == 401)
    process.signal(SIGTERM)
    #expect(process.wait().status == 0)
    #expect(pipe.lines { $0.count == 51 }.count == 51)
  }

  @Test("events that are lost while a pipe has no reader are counted in it", arguments: [true, false])
  func readerLeaves(isEventLog: Bool) throws {
    let path = directory.path("left")
    try #require(mkfifo(path, 0o600) == 0)
    func openReader() throws -> Int32 {
      let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      try #require(reader >= 0)
      return reader
    }
    var text = ""
    func read(from reader: Int32, until isEnough: (String) -> Bool) -> Bool {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      return eventually {
        while case let count = Glibc.read(reader, &buffer, buffer.count), count > 0 {
          text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return isEnough(text)
      }
    }
    func events(_ text: String) -> Int { text.split(separator: "\n").count { $0.contains("sign-in-failed") } }
    var reader = try openReader()
    defer { close(reader) }
    let process = try start(
      ["MAXIMUM_ATTEMPTS": "1000000"].merging(isEventLog ? ["EVENT_LOG": path] : [:]) { $1 },
      log: isEventLog ? nil : path)
    let client = try FastCGIClient(.unix(directory.path("socket")))
    #expect(try Self.signIn(client) == 401)
    #expect(read(from: reader) { events($0) == 1 })
    close(reader)
    for _ in 0..<50 { #expect(try Self.signIn(client) == 401) }
    reader = try openReader()
    // The thread may still have lines to write from before.
    let count = eventually {
      guard (try? Self.signIn(client)) == 401 else { return false }
      return read(from: reader) { $0.contains("events-lost") || events($0) > 1 }
    }
    #expect(count)
    _ = try Self.signIn(client)
    var lost = 0
    #expect(
      read(from: reader) { text in
        lost = text.matches(of: #/"event":"events-lost","count":(\d+)/#).reduce(0) { $0 + (Int($1.1) ?? 0) }
        return lost > 0 && events(text) + lost == 53
      }, "\(lost) of \(text.suffix(500))")
    process.signal(SIGTERM)
    #expect(process.wait().status == 0)
  }

  @Test("a CGI process answers, and ends soon after", arguments: [true, false])
  func cgi(isStalled: Bool) throws {
    if isStalled { pipe.fill() }
    let body = "username=ada&password=wrong"
    try Files.write(body, to: directory.path("body"))
    var environment = ["DATA_DIR": directory.path("data"), "GATEWAY_INTERFACE": "CGI/1.1"]
    for (name, value) in Self.variables("/api/user/create-session", body: Array(body.utf8)) {
      environment[name] = value
    }
    environment["BCRYPT_WORKLOAD_FACTOR"] = "4"
    let ending = try ChildProcess(
      [
        "/bin/sh", "-c", #"exec "$0" <"$1" 2>"$2""#, Programs.dashboard, directory.path("body"), pipe.path,
      ], environment: environment
    ).wait()
    #expect(ending.status == 0)
    #expect(ending.output.hasPrefix("Status: 401 "))
    if !isStalled { #expect(pipe.lines { !$0.isEmpty }.count { $0.contains("sign-in-failed") } == 1) }
  }

  @Test("a CGI process whose event log stalls says on descriptor 2 that an event is lost")
  func cgiEventLog() throws {
    pipe.fill()
    let body = "username=ada&password=wrong"
    let environment = [
      "DATA_DIR": directory.path("data"), "GATEWAY_INTERFACE": "CGI/1.1", "EVENT_LOG": pipe.path,
    ]
    .merging(
      Dictionary(uniqueKeysWithValues: Self.variables("/api/user/create-session", body: Array(body.utf8)))
    ) { $1 }
    let ending = try ChildProcess.run([Programs.dashboard], environment: environment, input: body)
    #expect(ending.status == 0)
    #expect(ending.output.hasPrefix("Status: 401 "))
    #expect(ending.errors.contains("dashboard: 1 events were lost"), "\(ending.errors)")
  }
}
