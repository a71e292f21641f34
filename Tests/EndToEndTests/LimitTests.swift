import Glibc
import TestSupport
import Testing

/// The descriptors and resource limits (getrlimit(2)) with which the program starts.
@Suite("limits of the process")
struct LimitTests {
  /// Starts the responder through a shell that runs a command first.
  private func start(_ preparation: String, _ directory: TemporaryDirectory, _ others: [String: String] = [:])
    throws -> ChildProcess
  {
    let process = try ChildProcess(
      ["/bin/sh", "-c", preparation, Programs.dashboard, "unix:\(directory.path("socket"))"],
      environment: ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"].merging(others) { $1 })
    try Address.unix(directory.path("socket")).waitUntilAnswered { process.isRunning }
    return process
  }

  /// If the program opened the data file as descriptor 2, it would write the log into the data.
  @Test("without descriptors 0 to 2 the log is dropped, and never goes into the data")
  func closedDescriptors() throws {
    let directory = try TemporaryDirectory()
    let process = try start(#"exec "$0" --listen "$1" 0<&- 1>&- 2>&-"#, directory)
    let variables = [
      ("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/settings"), ("DASHBOARD_APPID", "provokes a line"),
    ]
    #expect(try FastCGIClient(.unix(directory.path("socket"))).ask(variables).http.status == 500)
    for name in Files.names(in: directory.path("data")) {
      let bytes = try Files.read(directory.path("data/\(name)"))
      #expect(!String(decoding: bytes, as: UTF8.self).contains("dashboard: "))
    }
    process.signal(15)
    #expect(process.wait().status == 0)
  }

  /// A limit on file size stands for a full disk.
  @Test("after a cut line the next line of the event log is whole, and the loss is reported once")
  func fullEventLog() throws {
    let directory = try TemporaryDirectory()
    let log = directory.path("events")
    // The file has 60 bytes of room left.
    try Files.write(
      [UInt8](repeating: UInt8(ascii: "x"), count: 2048 * 512 - 61) + [UInt8(ascii: "\n")], to: log)
    let process = try start(#"ulimit -f 2048; exec "$0" --listen "$1""#, directory, ["EVENT_LOG": log])
    func fail() throws {
      let body = Array("username=ada&password=wrong".utf8)
      let answer = try FastCGIClient(.unix(directory.path("socket"))).ask(
        [
          ("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/api/user/create-session"),
          ("CONTENT_TYPE", "application/x-www-form-urlencoded"), ("CONTENT_LENGTH", "\(body.count)"),
        ], body: body)
      #expect(try answer.http.status == 401)
    }
    for _ in 0..<3 { try fail() }
    #expect(truncate(log, 2048 * 512 - 5000) == 0)
    try fail()
    let text = try Files.text(log)
    #expect(text.hasSuffix("}\n"))
    let lines = text.split(separator: "\n").suffix(2)
    #expect(lines.last?.contains(#""event":"sign-in-failed""#) == true)
    #expect(lines.first?.contains(#""event":"events-lost","count":3}"#) == true)
    for line in lines { _ = try JSON(Array(line.utf8)) }
    process.signal(15)
    #expect(process.wait().status == 0)
    #expect(process.errors.split(separator: "\n").count { $0.contains("events are lost") } == 1)
  }

  /// A limit on file size stands for a full disk.
  @Test("what descriptor 2 loses is counted in it, if it is a file")
  func fullDescriptor2() throws {
    let directory = try TemporaryDirectory()
    let log = directory.path("log")
    try Files.write([UInt8](repeating: UInt8(ascii: "\n"), count: 2048 * 512), to: log)
    let process = try start(#"ulimit -f 2048; exec "$0" --listen "$1" 2>>"\#(log)""#, directory)
    for number in 0..<4 {
      if number == 3 { #expect(truncate(log, 0) == 0) }
      let body = Array("username=ada&password=wrong".utf8)
      let answer = try FastCGIClient(.unix(directory.path("socket"))).ask(
        [
          ("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/api/user/create-session"),
          ("CONTENT_TYPE", "application/x-www-form-urlencoded"), ("CONTENT_LENGTH", "\(body.count)"),
        ], body: body)
      #expect(try answer.http.status == 401)
    }
    let lines = try Files.text(log).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.contains(#""event":"events-lost","count":3}"#) == true)
    #expect(lines.last?.contains(#""event":"sign-in-failed""#) == true)
    process.signal(15)
    #expect(process.wait().status == 0)
  }

  @Test("an event log without a reader delays no request")
  func eventLogWithoutReader() throws {
    let directory = try TemporaryDirectory()
    let pipe = directory.path("events")
    #expect(mkfifo(pipe, 0o600) == 0)
    let reader = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    let site = try Site(.fastcgi, settings: ["EVENT_LOG": pipe])
    _ = try site.signUp("ada")
    #expect(!site.log.contains("events are lost"))
    close(reader)
    _ = try site.signIn("ada")
    #expect(eventually { site.log.contains("events are lost") })
    let process = try #require(site.responder?.process)
    process.signal(SIGHUP)
    #expect(eventually { site.log.contains("EVENT_LOG can't be reopened") })
    process.signal(SIGTERM)
    #expect(process.wait().status == 0)
    let ending = try Programs.run(
      ["--listen", "unix:\(directory.path("socket"))"],
      ["DATA_DIR": directory.path("data"), "EVENT_LOG": pipe])
    #expect(ending.status == 78)
    #expect(ending.errors.contains("EVENT_LOG is '\(pipe)', which can't be written"))
  }

  @Test("after a line that another process cut, the next line of the event log is whole")
  func cutEventLog() throws {
    let directory = try TemporaryDirectory()
    let log = directory.path("events")
    try Files.write("{\"time\":\"2026-", to: log)
    let site = try Site(.fastcgi, settings: ["EVENT_LOG": log])
    _ = try site.signUp("ada")
    let lines = try Files.text(log).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines[3].isEmpty)
    for line in lines[1...2] { _ = try JSON(Array(line.utf8)) }
  }

  @Test("the program leaves no core file, which would hold keys and passwords")
  func coreFiles() throws {
    let directory = try TemporaryDirectory()
    let process = try start(#"ulimit -c unlimited; exec "$0" --listen "$1""#, directory)
    let line = try Files.text("/proc/\(process.pid)/limits").split(separator: "\n")
      .first { $0.hasPrefix("Max core file size") }
    #expect(line?.split(separator: " ")[4...5] == ["0", "0"])
  }

  @Test("the program raises its limit of descriptors to the hard limit")
  func descriptorLimit() throws {
    let directory = try TemporaryDirectory()
    let process = try start(#"ulimit -Sn 32; ulimit -Hn 300; exec "$0" --listen "$1""#, directory)
    let line = try Files.text("/proc/\(process.pid)/limits").split(separator: "\n")
      .first { $0.hasPrefix("Max open files") }
    #expect(line?.split(separator: " ")[3] == "300")
  }

  @Test("without free descriptors the program serves its connections, and accepts again later")
  func exhaustion() throws {
    let directory = try TemporaryDirectory()
    let process = try start(
      #"ulimit -n 40; exec "$0" --listen "$1""#, directory, ["EVENT_THREADS": "1", "HASHING_THREADS": "1"])
    var clients = try (0..<60).map { _ in try FastCGIClient(.unix(directory.path("socket"))) }
    let variables = [("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/settings")]
    #expect(try clients[0].ask(variables).http.status == 200)
    #expect(eventually { Files.names(in: "/proc/\(process.pid)/fd").contains("39") })
    let last = clients.removeLast()
    clients.removeFirst(50)
    #expect(try last.ask(variables).http.status == 200)
  }

  /// Shared hosts limit the address space. The data's memory map must leave room for requests under any limit.
  @Test(
    "a CGI process in little address space reads the longest body",
    arguments: Array(stride(from: 132, to: 196, by: 2)))
  func addressSpace(megabytes: Int) throws {
    let directory = try TemporaryDirectory()
    let body = "username=ada&password=" + String(repeating: "a", count: 1_900_000)
    try Files.write(body, to: directory.path("body"))
    let ending = try ChildProcess.run(
      ["/bin/sh", "-c", #"ulimit -v "$1" && exec "$0""#, Programs.dashboard, "\(megabytes * 1024)"],
      environment: [
        "DATA_DIR": directory.path("data"), "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/user/create-session", "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": "\(body.utf8.count)", "BCRYPT_WORKLOAD_FACTOR": "4",
      ], input: body)
    #expect(ending.output.hasPrefix("Status: 401 "), "\(ending.errors.prefix(1000))")
  }

  @Test("a CGI process starts no process or thread, and signs in within a second of processor time")
  func processesAndSeconds() throws {
    let site = try Site(.cgi)
    _ = try site.signUp("ada")
    let body = "username=ada&password=password of ada"
    // The limit on processes does not apply to root.
    let ending = try ChildProcess.run(
      ["/bin/sh", "-c", #"ulimit -t 1 && ulimit -u 1; exec "$0""#, Programs.dashboard],
      environment: [
        "DATA_DIR": site.data.path("data"), "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/user/create-session", "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": "\(body.utf8.count)", "BCRYPT_WORKLOAD_FACTOR": "4",
      ], input: body)
    #expect(ending.output.hasPrefix("Status: 200 "), "\(ending.errors.prefix(1000))")
  }
}
