import Glibc
import TestSupport
import Testing

/// `dashboard serve --rehearse`: a backup is served beside the site, and stays as it is.
@Suite("rehearsals")
struct RehearsalTests {
  @Test("a copy of the backup is served, what is done there goes nowhere, and the copy is removed at the end")
  func rehearsal() throws {
    let directory = try TemporaryDirectory()
    let log = directory.path("events")
    try Files.write(
      "EVENT_LOG=\(log)\nBCRYPT_WORKLOAD_FACTOR=4\nPAGE_SIZE=7\n", to: directory.path("settings"))
    let site = try Site(.fastcgi, settings: ["DASHBOARD_CONFIG": directory.path("settings")])
    let ada = try site.signUp("ada")
    try Files.makeDirectory(site.data.path("data/apps"))
    try Files.write("PAGE_SIZE=3\n", to: site.data.path("data/apps/shop.conf"))
    let grace = Operator(of: site, settings: ["DASHBOARD_CONFIG": directory.path("settings")])
    let backup = directory.path("backup")
    _ = try grace.text("backup", backup)
    let before = try Files.all(in: backup).map { try Files.read($0) }
    let events = try Files.read(log)

    try Files.makeDirectory(directory.path("tmp"))
    let socket = directory.path("rehearsal.sock")
    let process = try ChildProcess(
      [Programs.dashboard, "serve", "--rehearse", backup, "--listen", "unix:\(socket)"],
      environment: ["TMPDIR": directory.path("tmp"), "DATA_DIR": "/nowhere"])
    try Address.unix(socket).waitUntilAnswered { process.isRunning }
    let nginx = try Nginx(responder: socket)
    func request(_ method: String, _ target: String, _ headers: [(String, String)] = []) throws
      -> HTTPResponse
    {
      try HTTPClient(.unix(nginx.socketPath)).request(method, target, headers: headers)
    }
    let token = ("Authorization", "Bearer \(ada.sessionid).\(ada.token)")
    #expect(try request("GET", "/api/user/current-session", [token]).status == 200)
    #expect(
      try request("PATCH", "/api/user/set-session-ended?sessionid=\(ada.sessionid)", [token]).status == 200)
    #expect(try request("GET", "/api/user/current-session", [token]).status == 401)
    #expect(Files.names(in: directory.path("tmp")).count == 1)
    process.signal(SIGTERM)
    #expect(process.wait().status == 0)
    #expect(process.errors.contains("a rehearsal in \(directory.path("tmp"))/dashboard-rehearsal.partial-"))
    #expect(Files.names(in: directory.path("tmp")) == [])
    #expect(try Files.all(in: backup).map { try Files.read($0) } == before)
    #expect(try Files.read(log) == events)
    #expect(try site.request("GET", "/api/user/current-session", as: ada).status == 200)
  }

  @Test("a damaged backup is not served")
  func damaged() throws {
    let directory = try TemporaryDirectory()
    let site = try Site(.fastcgi)
    let backup = directory.path("backup")
    _ = try Operator(of: site).text("backup", backup)
    try DamagedData.change("\(backup)/secrets") { $0[0] ^= 1 }
    try Files.makeDirectory(directory.path("tmp"))
    let ending = try Programs.run(
      ["serve", "--rehearse", backup, "--listen", "unix:\(directory.path("socket"))"],
      ["TMPDIR": directory.path("tmp")])
    #expect(ending.status == 1)
    #expect(ending.errors == "dashboard: the backup is damaged. See how: dashboard verify \(backup)\n")
    #expect(Files.names(in: directory.path("tmp")) == [])
  }

  @Test("what is no backup is not rehearsed, and a rehearsal needs an address")
  func refusals() throws {
    let directory = try TemporaryDirectory()
    func status(_ words: String...) throws -> Int32 {
      try Programs.run(["serve", "--rehearse"] + words, ["TMPDIR": directory.path]).status
    }
    #expect(try status(directory.path("none"), "--listen", "unix:\(directory.path("socket"))") == 66)
    #expect(try status(directory.path, "--listen", "unix:\(directory.path("socket"))") == 66)
    #expect(try status(directory.path) == 64)
    #expect(Files.names(in: directory.path) == [])
  }
}
