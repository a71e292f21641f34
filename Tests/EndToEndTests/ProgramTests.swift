import Glibc
import TestSupport
import Testing

/// The program as an operator meets it: how it starts, what it says, with what it ends.
@Suite("the program")
struct ProgramTests {
  private func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> ChildProcess.Ending
  {
    try ChildProcess.run([Programs.dashboard] + arguments, environment: environment)
  }

  @Test("without an order it tells its usage on descriptor 2 and exits 64")
  func usage() throws {
    for arguments in [[], ["--listen"], ["listen"], ["--help", "x"], ["--listen", "a", "b"]] {
      let ending = try run(arguments)
      #expect(ending.status == 64)
      #expect(ending.output.isEmpty)
      #expect(ending.errors.contains("usage: dashboard --listen unix:PATH"))
    }
    let ending = try run(["--listen", "0.0.0.0:80"])
    #expect(ending.status == 64)
    #expect(
      ending.errors
        == "dashboard: --listen 0.0.0.0:80: neither unix:PATH (up to 99 bytes) nor 127.0.0.1:PORT\n")
  }

  @Test("--help and --version answer on descriptor 1")
  func help() throws {
    let help = try run(["--help"])
    #expect(help.status == 0)
    #expect(help.output.hasPrefix("usage: dashboard"))
    #expect(help.errors.isEmpty)
    let version = try run(["--version"])
    #expect(version.status == 0)
    #expect(version.output.hasPrefix("dashboard "))
  }

  @Test(
    "a bad setting exits 78 with its name, its value and what is allowed",
    arguments: [
      ("BCRYPT_WORKLOAD_FACTOR", "3", "a whole number from 4 to 31"),
      ("MINIMUM_PASSWORD_LENGTH", "many", "a whole number from 1 to 100000"),
      ("PAGE_SIZE", "0", "a whole number from 1 to 1000"),
      ("APPID", "a b", "1 to 64 letters, digits, _ and -"),
      ("DISABLE_REGISTRATION", "yes", "true or false"), ("MAP_SIZE", "1T", "a number of bytes"),
      ("ALLOWED_ORIGINS", "null", "http:// or https://"), ("ALLOWED_ORIGINS", "https://a/", "http://"),
      ("ALLOWED_ORIGINS", "https://A.example", "http:// or https://, a host in lower case"),
    ])
  func badSetting(name: String, value: String, allowed: String) throws {
    let directory = try TemporaryDirectory()
    let ending = try run(
      ["--listen", "unix:\(directory.path("socket"))"], ["DATA_DIR": directory.path("data"), name: value])
    #expect(ending.status == 78)
    #expect(ending.errors.hasPrefix("dashboard: \(name) is '\(value)'; it must be \(allowed)"))
    #expect(Files.names(in: directory.path).isEmpty)
  }

  @Test("a settings file counts, the environment wins, and a bad line is told by its number")
  func settingsFile() throws {
    let directory = try TemporaryDirectory()
    let file = directory.path("settings")
    let socket = "unix:\(directory.path("socket"))"
    try Files.write("# settings\n\n  PAGE_SIZE = '5' \nBCRYPT_WORKLOAD_FACTOR=98\n", to: file)
    let both = try run(["--listen", socket], ["DASHBOARD_CONFIG": file, "BCRYPT_WORKLOAD_FACTOR": "99"])
    #expect(both.errors.contains("BCRYPT_WORKLOAD_FACTOR is '99'"))
    try Files.write("PAGE_SIZE = 0\n", to: file)
    #expect(try run(["--listen", socket], ["DASHBOARD_CONFIG": file]).errors.contains("PAGE_SIZE is '0'"))
    try Files.write("PAGE_SIZE=5\nnonsense\n", to: file)
    let ending = try run(["--listen", socket], ["DASHBOARD_CONFIG": file])
    #expect(ending.status == 78)
    #expect(ending.errors.contains("DASHBOARD_CONFIG, line 2: must be KEY=VALUE"))
    let missing = try run(["--listen", socket], ["DASHBOARD_CONFIG": directory.path("none")])
    #expect(missing.status == 78)
    #expect(missing.errors.contains("No such file or directory"))
  }

  @Test("a setting that is not UTF-8 is refused by name, and an empty DASHBOARD_CONFIG is none")
  func settingBytes() throws {
    let directory = try TemporaryDirectory()
    let command = #"PAGE_SIZE=$(printf '\377') exec "$0" --listen "unix:$1""#
    let ending = try ChildProcess.run(
      ["/bin/sh", "-c", command, Programs.dashboard, directory.path("socket")],
      environment: ["DATA_DIR": directory.path("data")])
    #expect(ending.status == 78)
    #expect(ending.errors == "dashboard: PAGE_SIZE is not UTF-8\n")
    let environment = ["DATA_DIR": directory.path("data"), "DASHBOARD_CONFIG": ""]
    let responder = try ResponderProcess(environment: environment)
    #expect(try get(responder.socketPath).status == 200)
  }

  @Test(
    "a name in the settings file that is no setting is a warning at the start, and a mistake to --check-config"
  )
  func unknownSetting() throws {
    let directory = try TemporaryDirectory()
    try Files.write("PAGESIZE=5\n", to: directory.path("settings"))
    let environment = ["DATA_DIR": directory.path("data"), "DASHBOARD_CONFIG": directory.path("settings")]
    let responder = try ResponderProcess(environment: environment)
    let message = "dashboard: DASHBOARD_CONFIG: there is no setting PAGESIZE\n"
    #expect(responder.process.errors == message)
    let ending = try run(["--check-config"], environment)
    #expect(ending.status == 78 && ending.errors == message)
  }

  @Test("--check-config prints every setting and exits 0, or names the mistake and exits 78")
  func checkConfiguration() throws {
    let directory = try TemporaryDirectory()
    let environment = ["DATA_DIR": directory.path("data"), "PAGE_SIZE": "20"]
    let ending = try run(["--check-config"], environment)
    #expect(ending.status == 0)
    #expect(ending.output.contains("\nPAGE_SIZE                            20"))
    #expect(ending.errors.isEmpty)
    // It only looks.
    #expect(Files.names(in: directory.path).isEmpty)
    let mistake = try run(["--check-config"], environment.merging(["PAGE_SIZE": "x"]) { $1 })
    #expect(mistake.status == 78)
    #expect(mistake.output.isEmpty)
    #expect(mistake.errors.contains("PAGE_SIZE is 'x'"))
  }

  @Test("--check-config tries the data, its keys, the event log and the apps' files, as whoever's they are")
  func checkOfData() throws {
    let directory = try TemporaryDirectory()
    try Files.makeDirectory(directory.path("apps"))
    let environment = ["DATA_DIR": directory.path("data"), "APPS_DIR": directory.path("apps")]
    do { _ = try ResponderProcess(environment: environment) }
    func check(_ more: [String: String]) throws -> (status: Int32, errors: String) {
      let ending = try run(["--check-config"], environment.merging(more) { $1 })
      return (ending.status, ending.errors)
    }
    #expect(try check([:]) == (0, ""))
    let keys = try check(["DASHBOARD_ENCRYPTION_KEY": "another"])
    #expect(keys.status == 78 && keys.errors.contains("DASHBOARD_ENCRYPTION_KEY"))
    let log = try check(["EVENT_LOG": directory.path("none/events")])
    #expect(log.status == 78 && log.errors.contains("EVENT_LOG"))
    let access = try check(["API_ACCESS": "application"])
    #expect(access.status == 0 && access.errors.contains("APPLICATION_SERVER_TOKEN"))
    let data = try check(["DATA_DIR": directory.path("none/data")])
    #expect(data.status == 78 && data.errors.contains("can't be made: No such file or directory"))
    let folder = try check(["APPS_DIR": directory.path("app")])
    #expect(folder.status == 78 && folder.errors.contains("\(directory.path("app")) can't be read"))
    try Files.write("PAGE_SIZE=0\n", to: directory.path("apps/shop.conf"))
    #expect(try check([:]).status == 78)
    try Files.write("PAGESIZE=5\n", to: directory.path("apps/shop.conf"))
    #expect(try check(["DATA_DIR": directory.path("other")]).status == 78)
  }

  @Test("--check-config takes no new keys over, and makes none")
  func checkOfKeys() throws {
    let directory = try TemporaryDirectory()
    let environment = ["DATA_DIR": directory.path("data")]
    let old = ["DASHBOARD_ENCRYPTION_KEY": "old", "DASHBOARD_SESSION_KEY": "old"]
    let new = [
      "DASHBOARD_ENCRYPTION_KEY": "new", "DASHBOARD_SESSION_KEY": "new",
      "DASHBOARD_ENCRYPTION_KEY_PREVIOUS": "old", "DASHBOARD_SESSION_KEY_PREVIOUS": "old",
    ]
    do { _ = try ResponderProcess(environment: environment.merging(old) { $1 }) }
    for keys in [new, old, new, old] {
      #expect(try run(["--check-config"], environment.merging(keys) { $1 }).status == 0)
    }
    let missing = try run(["--check-config"], environment)
    #expect(missing.status == 78 && missing.errors.contains("secrets is not there"))
    #expect(!Files.names(in: directory.path("data")).contains("secrets"))
  }

  @Test("a word that is no option is named")
  func unknownOption() throws {
    let ending = try run(["--check-conf"], [:])
    #expect(ending.status == 64)
    #expect(ending.errors.hasPrefix("dashboard: what is '--check-conf'?\nusage: "))
  }

  @Test("a mistake in an app's file ends the start with 78, its path and what is allowed")
  func appsFile() throws {
    let directory = try TemporaryDirectory()
    try Files.makeDirectory(directory.path("apps"))
    try Files.write("PAGE_SIZE=0\n", to: directory.path("apps/shop.conf"))
    let ending = try run(
      ["--listen", "unix:\(directory.path("socket"))"],
      ["DATA_DIR": directory.path("data"), "APPS_DIR": directory.path("apps")])
    #expect(ending.status == 78)
    let path = directory.path("apps/shop.conf")
    #expect(ending.errors.contains("\(path): PAGE_SIZE is '0'; it must be a whole number from 1 to 1000"))
  }

  @Test("other keys than the data's are refused, in words that don't tell them")
  func otherKeys() throws {
    let directory = try TemporaryDirectory()
    let environment = ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"]
    do { _ = try ResponderProcess(environment: environment) }
    let keys = ["DASHBOARD_ENCRYPTION_KEY": "another key", "DASHBOARD_SESSION_KEY": "one more"]
    let ending = try run(["--listen", "unix:\(directory.path("socket"))"], environment.merging(keys) { $1 })
    #expect(ending.status == 78)
    #expect(ending.errors.contains("DASHBOARD_ENCRYPTION_KEY"))
    #expect(!ending.errors.contains("another key"))
  }

  @Test("a data directory that can't be is a bad setting")
  func badDirectory() throws {
    let directory = try TemporaryDirectory()
    let socket = "unix:\(directory.path("socket"))"
    let missing = try run(["--listen", socket], ["DATA_DIR": directory.path("a/b")])
    #expect(missing.status == 78)
    #expect(missing.errors.contains("DATA_DIR is '\(directory.path("a/b"))'"))
    try Files.write("", to: directory.path("file"))
    #expect(try run(["--listen", socket], ["DATA_DIR": directory.path("file")]).status == 78)
  }

  @Test("the data directory and what is in it are for their owner alone")
  func modes() throws {
    let directory = try TemporaryDirectory()
    let responder = try ResponderProcess(environment: ["DATA_DIR": directory.path("data")])
    #expect(try Files.mode(directory.path("data")) == 0o700)
    #expect(Files.names(in: directory.path("data")) == ["data.mdb", "lock.mdb", "secrets"])
    for name in Files.names(in: directory.path("data")) {
      #expect(try Files.mode(directory.path("data/\(name)")) == 0o600)
    }
    #expect(responder.process.errors == "")
    // What somebody made beforehand is used, with a warning.
    #expect(chmod(directory.path("data"), 0o755) == 0 && chmod(directory.path("data/secrets"), 0o644) == 0)
    responder.process.signal(SIGTERM)
    #expect(responder.process.wait().status == 0)
    let again = try ResponderProcess(environment: ["DATA_DIR": directory.path("data")])
    #expect(
      again.process.errors.split(separator: "\n")
        == ["", "/secrets"].map {
          "dashboard: \(directory.path("data"))\($0) is open to other users; close it to them (chmod go-rwx)"
        })
  }

  @Test("a second one on the same socket is refused, and the first goes on")
  func liveSocket() throws {
    let directory = try TemporaryDirectory()
    let environment = ["DATA_DIR": directory.path("data")]
    let first = try ResponderProcess(environment: environment)
    let ending = try run(["--listen", "unix:\(first.socketPath)"], environment)
    #expect(ending.status == 69)
    #expect(ending.errors.contains("another process answers there"))
    #expect(try get(first.socketPath).status == 200)
  }

  private func get(_ path: String) throws -> HTTPResponse {
    try FastCGIClient(.unix(path)).ask([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/settings")]).http
  }

  @Test("SIGTERM and SIGINT end it with 0, and take its socket file away", arguments: [15, 2] as [Int32])
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

  @Test("after SHUTDOWN_TIMEOUT it ends although a connection is open")
  func shutdownTimeout() throws {
    let directory = try TemporaryDirectory()
    let responder = try ResponderProcess(
      environment: ["DATA_DIR": directory.path("data"), "SHUTDOWN_TIMEOUT": "0"])
    let client = try FastCGIClient(.unix(responder.socketPath))
    #expect(try client.ask([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/api/settings")]).http.status == 200)
    responder.process.signal(15)
    #expect(responder.process.wait().status == 0)
  }

  @Test("cheap hashing starts with a warning")
  func warning() throws {
    let directory = try TemporaryDirectory()
    let responder = try ResponderProcess(
      environment: ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "9"])
    #expect(responder.process.errors.hasPrefix("dashboard: BCRYPT_WORKLOAD_FACTOR is 9: "))
  }

  @Test("EVENT_LOG gets the events, and a new file after SIGHUP")
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
    let ending = try run(
      ["--listen", "unix:\(directory.path("socket"))"],
      ["DATA_DIR": directory.path("data"), "EVENT_LOG": directory.path("none/events")])
    #expect(ending.status == 78)
    #expect(ending.errors.contains("EVENT_LOG is '\(directory.path("none/events"))', which can't be written"))
  }

  @Test("it uses a listening socket that it is handed as descriptor 0")
  func inheritedSocket() throws {
    let directory = try TemporaryDirectory()
    let socket = try ListeningSocket(directory.path("socket"))
    let process = try ChildProcess(
      [Programs.dashboard], environment: ["DATA_DIR": directory.path("data")], input: socket.descriptor)
    #expect(try get(directory.path("socket")).status == 200)
    process.signal(15)
    #expect(process.wait().status == 0)
  }

  @Test("spawn-fcgi starts it")
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

  @Test("as CGI it answers, whatever words of the query the web server passes (RFC 3875 section 4.4)")
  func cgi() throws {
    let directory = try TemporaryDirectory()
    let environment = [
      "DATA_DIR": directory.path("data"), "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET",
      "SCRIPT_NAME": "/cgi-bin/dashboard", "PATH_INFO": "/api/settings",
      "REQUEST_URI": "/cgi-bin/dashboard/api/settings",
    ]
    for arguments in [[], ["--help"], ["--listen", "unix:x"]] {
      let ending = try run(arguments, environment)
      #expect(ending.status == 0)
      #expect(ending.output.hasPrefix("Status: 200 OK\r\n"))
      #expect(ending.errors.isEmpty)
    }
  }

  @Test("as CGI with a bad setting it answers 500, and says why on descriptor 2")
  func cgiBadSetting() throws {
    let ending = try run(
      [], ["GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET", "PAGE_SIZE": "x"])
    #expect(ending.status == 78)
    #expect(ending.output.hasPrefix("Status: 500 Internal Server Error\r\n"))
    #expect(ending.output.hasSuffix(#""detail":"an error of the server, which has logged it"}"#))
    #expect(ending.errors.contains("PAGE_SIZE is 'x'"))
  }
}
