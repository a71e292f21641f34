import Glibc
import TestSupport
import Testing

extension Programs {
  /// Runs the program to its end.
  static func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> ChildProcess.Ending
  {
    try ChildProcess.run([Programs.dashboard] + arguments, environment: environment)
  }
}

/// The program for its operator: start, output and exit status.
@Suite("the program")
struct ProgramTests {
  @Test("without a command the program prints its usage on descriptor 2 and exits 64")
  func usage() throws {
    let ending = try Programs.run([])
    #expect(ending.status == 64)
    #expect(ending.output.isEmpty)
    #expect(ending.errors.hasPrefix("usage: dashboard COMMAND"))
    for (arguments, error) in [
      (["--listen"], "--listen needs a value: --listen ADDRESS"),
      (["listen"], "there is no command 'listen'; all commands: dashboard --help"),
      (["--help", "x"], "there is no command '--help'; all commands: dashboard --help"),
      (["--listen", "a", "b"], "there is a word too many: 'b'"),
      (
        ["--listen", "0.0.0.0:80"],
        "--listen 0.0.0.0:80: neither unix:PATH (up to 99 bytes) nor 127.0.0.1:PORT"
      ),
    ] {
      let ending = try Programs.run(arguments)
      #expect(ending.status == 64)
      #expect(ending.output.isEmpty)
      #expect(ending.errors == "dashboard: \(error)\n")
    }
  }

  @Test("--help and --version answer on descriptor 1")
  func help() throws {
    let help = try Programs.run(["--help"])
    #expect(help.status == 0)
    #expect(help.output.hasPrefix("usage: dashboard"))
    #expect(help.errors.isEmpty)
    let version = try Programs.run(["--version"])
    #expect(version.status == 0)
    #expect(version.output.hasPrefix("dashboard "))
  }

  @Test("an unknown option is refused by its name")
  func unknownOption() throws {
    for (arguments, word) in [(["--check-conf"], "--check-conf"), (["", "--check-config", "a b"], "")] {
      let ending = try Programs.run(arguments)
      #expect(ending.status == 64)
      #expect(ending.errors == "dashboard: there is no command '\(word)'; all commands: dashboard --help\n")
    }
  }

  @Test("an argument that is not UTF-8 is refused")
  func argumentsThatAreNotText() throws {
    let process = try ChildProcess(
      ["/bin/sh", "-c", #"exec "$0" --backup "$(printf '/tmp/\377')""#, Programs.dashboard], environment: [:])
    let ending = process.wait()
    #expect(ending.status == 64)
    #expect(ending.errors == "dashboard: the arguments can't be read: they are not UTF-8\n")
    // The name of the program is not an argument.
    let directory = try TemporaryDirectory()
    let elsewhere = try ChildProcess.run([
      "/bin/sh", "-c", #"name="$1/$(printf '\377')"; ln -s "$0" "$name"; exec "$name" --version"#,
      Programs.dashboard, directory.path,
    ])
    #expect(elsewhere.output.hasPrefix("dashboard "))
  }

  @Test("only their owner can use the data directory and its files")
  func modes() throws {
    let directory = try TemporaryDirectory()
    let responder = try ResponderProcess(environment: ["DATA_DIR": directory.path("data")])
    #expect(try Files.mode(directory.path("data")) == 0o700)
    #expect(Files.names(in: directory.path("data")) == ["data.mdb", "lock.mdb", "secrets"])
    for name in Files.names(in: directory.path("data")) {
      #expect(try Files.mode(directory.path("data/\(name)")) == 0o600)
    }
    #expect(responder.process.errors == "")
    // An existing open directory is used, with a warning.
    #expect(chmod(directory.path("data"), 0o755) == 0 && chmod(directory.path("data/secrets"), 0o644) == 0)
    responder.process.signal(SIGTERM)
    #expect(responder.process.wait().status == 0)
    let again = try ResponderProcess(environment: ["DATA_DIR": directory.path("data")])
    #expect(
      again.process.errors.split(separator: "\n")
        == ["", "/secrets"].map {
          "dashboard: \(directory.path("data"))\($0) is accessible to other users; restrict it (chmod go-rwx)"
        })
  }

  @Test("a second program on one socket is refused, and the first goes on")
  func liveSocket() throws {
    let directory = try TemporaryDirectory()
    let environment = ["DATA_DIR": directory.path("data")]
    let first = try ResponderProcess(environment: environment)
    let ending = try Programs.run(["--listen", "unix:\(first.socketPath)"], environment)
    #expect(ending.status == 69)
    #expect(ending.errors.contains("another process answers there"))
    #expect(try get(first.socketPath).status == 200)
  }

  private func get(_ path: String) throws -> HTTPResponse {
    try FastCGIClient(.unix(path)).ask([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/settings")]).http
  }

  /// nginx and Apache refuse such requests themselves, with their default limits.
  @Test("parameters that are too long get 400, and the connection goes on")
  func longParameters() throws {
    let directory = try TemporaryDirectory()
    let responder = try ResponderProcess(environment: ["DATA_DIR": directory.path("data")])
    let client = try FastCGIClient(.unix(responder.socketPath))
    let variables = [("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/settings")]
    let answer = try client.ask(variables + [("HTTP_COOKIE", String(repeating: "n", count: 100_000))]).http
    #expect(answer.status == 400)
    #expect(answer.text.contains(#""message":"invalid-request""#))
    #expect(answer.text.contains("too long"))
    #expect(try client.ask(variables).http.status == 200)
  }

  @Test(
    "SIGTERM and SIGINT end the program with 0, and remove its socket file", arguments: [15, 2] as [Int32])
  func termination(signal: Int32) throws {
    let directory = try TemporaryDirectory()
    let responder = try ResponderProcess(environment: ["DATA_DIR": directory.path("data")])
    #expect(try get(responder.socketPath).status == 200)
    responder.process.signal(signal)
    let ending = responder.process.wait()
    #expect(ending.status == 0)
    #expect(ending.output.isEmpty && ending.errors.isEmpty)
    #expect(throws: TestFailure.self) { try Files.mode(responder.socketPath) }
  }

  @Test("after SHUTDOWN_TIMEOUT the program ends, even with an open connection")
  func shutdownTimeout() throws {
    let directory = try TemporaryDirectory()
    let responder = try ResponderProcess(
      environment: ["DATA_DIR": directory.path("data"), "SHUTDOWN_TIMEOUT": "0"])
    let client = try FastCGIClient(.unix(responder.socketPath))
    #expect(try client.ask([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/settings")]).http.status == 200)
    responder.process.signal(15)
    #expect(responder.process.wait().status == 0)
  }

  @Test("a low cost of hashing is a warning at the start")
  func warning() throws {
    let directory = try TemporaryDirectory()
    let responder = try ResponderProcess(
      environment: ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "9"])
    #expect(responder.process.errors.hasPrefix("dashboard: BCRYPT_WORKLOAD_FACTOR is 9: "))
  }

  @Test("EVENT_LOG receives the events, and SIGHUP opens it again")
  func eventLog() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("events")
    let responder = try ResponderProcess(
      environment: ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4", "EVENT_LOG": path])
    func fail() throws {
      let body = Array("username=ada&password=wrong".utf8)
      let answer = try FastCGIClient(.unix(responder.socketPath)).ask(
        [
          ("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/api/user/create-session"),
          ("REMOTE_ADDR", "192.0.2.1"),
          ("CONTENT_TYPE", "application/x-www-form-urlencoded"), ("CONTENT_LENGTH", "\(body.count)"),
        ], body: body)
      #expect(try answer.http.status == 401)
    }
    try fail()
    #expect(try Files.text(path).split(separator: "\n").count == 1)
    #expect(
      try Files.text(path).contains(#""event":"sign-in-failed","app":"dashboard","client":"192.0.2.1""#))
    #expect(try Files.mode(path) == 0o600)
    #expect(rename(path, directory.path("events.1")) == 0)
    try fail()
    #expect(try Files.text(directory.path("events.1")).split(separator: "\n").count == 2)
    responder.process.signal(SIGHUP)
    #expect(eventually { Files.names(in: directory.path).contains("events") })
    try fail()
    #expect(try Files.text(path).split(separator: "\n").count == 1)
    let ending = try Programs.run(
      ["--listen", "unix:\(directory.path("socket"))"],
      ["DATA_DIR": directory.path("data"), "EVENT_LOG": directory.path("none/events")])
    #expect(ending.status == 78)
    #expect(ending.errors.contains("EVENT_LOG is '\(directory.path("none/events"))', which can't be written"))
  }

  @Test("the program serves a listening socket on descriptor 0")
  func inheritedSocket() throws {
    let directory = try TemporaryDirectory()
    let socket = try ListeningSocket(directory.path("socket"))
    let process = try ChildProcess(
      [Programs.dashboard], environment: ["DATA_DIR": directory.path("data")], input: socket.descriptor)
    #expect(try get(directory.path("socket")).status == 200)
    process.signal(15)
    #expect(process.wait().status == 0)
  }

  @Test("spawn-fcgi can start the program")
  func spawnFCGI() throws {
    let directory = try TemporaryDirectory()
    let process = try ChildProcess(
      ["/usr/bin/spawn-fcgi", "-n", "-s", directory.path("socket"), "--", Programs.dashboard],
      environment: ["DATA_DIR": directory.path("data")])
    try Address.unix(directory.path("socket")).waitUntilAnswered { process.isRunning }
    #expect(try get(directory.path("socket")).status == 200)
    process.signal(15)
    #expect(process.wait().status == 0)
  }

  @Test("as CGI the program ignores arguments from the query (RFC 3875 section 4.4)")
  func cgi() throws {
    let directory = try TemporaryDirectory()
    let environment = [
      "DATA_DIR": directory.path("data"), "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET",
      "SCRIPT_NAME": "/cgi-bin/dashboard", "PATH_INFO": "/api/settings",
      "REQUEST_URI": "/cgi-bin/dashboard/api/settings",
    ]
    for arguments in [[], ["--help"], ["--listen", "unix:x"]] {
      let ending = try Programs.run(arguments, environment)
      #expect(ending.status == 0)
      #expect(ending.output.hasPrefix("Status: 200 OK\r\n"))
      #expect(ending.errors.isEmpty)
    }
  }

  @Test("as CGI a bad setting answers 500, and descriptor 2 says why")
  func cgiBadSetting() throws {
    let ending = try Programs.run(
      [], ["GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET", "PAGE_SIZE": "x"])
    #expect(ending.status == 78)
    #expect(ending.output.hasPrefix("Status: 500 Internal Server Error\r\n"))
    #expect(ending.output.hasSuffix(#""detail":"an internal error; the server has logged it"}"#))
    #expect(ending.errors.contains("PAGE_SIZE is 'x'"))
  }
}
