import DashboardEndpoints
import DashboardRouting
import Glibc
import TestSupport
import Testing

/// The data directory is removed or replaced while the program uses it.
@Suite("data that is moved while it is in use")
struct DisplacedDataTests {
  private let parent: TemporaryDirectory
  private let site: Site
  private let ada: Site.User
  private let pid: Int32
  private var data: String { parent.path("data") }

  init() throws {
    parent = try TemporaryDirectory()
    site = try Site(.fastcgi, app: .header, data: parent)
    ada = try site.signUp("ada")
    pid = try #require(site.responder).process.pid
  }

  private func move(_ from: String, _ to: String) throws {
    guard rename(from, to) == 0 else { throw TestFailure(system: "rename \(from)") }
  }

  private func signIn() throws -> HTTPResponse {
    try site.request(
      "POST", "/api/user/create-session", form: ["username": "ada", "password": "password of ada"])
  }

  private func read() throws -> HTTPResponse { try site.request("GET", "/api/user/current-session", as: ada) }

  private func expectRefusal(_ answer: HTTPResponse) throws {
    #expect(answer.status == 503)
    #expect(try answer.json["message"] == .string("storage-unavailable"))
    #expect(answer["Retry-After"] == "30")
  }

  /// Expects that writes are refused at once and reads within seconds, and that the log says so once.
  private func expectRefusals(_ path: String) throws {
    try expectRefusal(signIn())
    let isNoticed = try eventually { try read().status == 503 }
    #expect(isNoticed)
    for _ in 0..<20 {
      try expectRefusal(read())
      try expectRefusal(signIn())
    }
    // The maintenance thread comes by every second.
    let isToldAgain = eventually(timeout: 2500) { lines.count > 1 }
    #expect(!isToldAgain, "\(site.log)")
    #expect(
      lines.first?.hasPrefix("dashboard: \(path) was removed or replaced while it was in use. ") == true)
    #expect(try #require(site.responder).process.isRunning)
  }

  /// The log without events, and without the warning of the cheap hashes.
  private var lines: [Substring] {
    site.log.split(separator: "\n").filter {
      $0.hasPrefix("dashboard: ") && !$0.hasPrefix("dashboard: BCRYPT_WORKLOAD_FACTOR")
    }
  }

  /// Expects that the program uses its files again, and says so once.
  private func expectReturn() throws {
    let isBack = try eventually { try read().status == 200 }
    #expect(isBack)
    #expect(try signIn().status == 200)
    #expect(lines.count == 2)
    #expect(lines.last == "dashboard: the files in \(data) are back, and in use again")
    #expect(try #require(site.responder).process.isRunning)
  }

  private func backUp() throws -> String {
    let path = parent.path("backup")
    let ending = try Programs.run(["--backup", path], ["DATA_DIR": data])
    guard ending.status == 0 else { throw TestFailure(ending.errors) }
    return path
  }

  @Test("a removed directory is told, and not made again")
  func removed() throws {
    Files.removeAll(data)
    try expectRefusals("\(data)/data.mdb")
    // SIGHUP opens files, and SIGTERM stores what is left.
    let process = try #require(site.responder).process
    process.signal(SIGHUP)
    process.signal(SIGTERM)
    #expect(process.wait().status == 0)
    #expect(access(data, F_OK) != 0)
    #expect(lines.count == 1)
  }

  @Test("a directory that was renamed is used again when it is back")
  func renamed() throws {
    try move(data, parent.path("away"))
    try expectRefusals("\(data)/data.mdb")
    #expect(access(data, F_OK) != 0)
    try move(parent.path("away"), data)
    try expectReturn()
  }

  @Test("a backup in the place of the directory is not touched, and a restart uses it")
  func replaced() throws {
    let backup = try backUp()
    // Not in the backup.
    _ = try site.signUp("eve")
    try move(data, parent.path("away"))
    try move(backup, data)
    let before = try Files.read("\(data)/data.mdb")
    try expectRefusals("\(data)/data.mdb")
    #expect(Files.names(in: data) == ["data.mdb", "manifest", "secrets"])
    #expect(try Files.read("\(data)/data.mdb") == before)

    let restarted = try Site(.fastcgi, data: parent)
    #expect(try restarted.request("GET", "/api/user/current-session", as: ada).status == 200)
    #expect(throws: Site.Unexpected.self) { try restarted.signIn("eve") }
    try expectRefusal(read())
    // The server that runs on the first directory changes nothing in the second.
    try expectRefusal(signIn())
  }

  @Test("another file in the place of one of the two files counts", arguments: ["data.mdb", "lock.mdb"])
  func replacedFile(name: String) throws {
    let (file, away) = ("\(data)/\(name)", parent.path("away"))
    try move(file, away)
    try Files.write(Files.read(away), to: file)
    try expectRefusals(file)
    try move(away, file)
    try expectReturn()
  }

  @Test("a missing lock file counts: without it, other processes would write at the same time")
  func removedLock() throws {
    try #require(unlink("\(data)/lock.mdb") == 0)
    try expectRefusals("\(data)/lock.mdb")
    #expect(Files.names(in: data) == ["data.mdb", "secrets"])
  }

  @Test(
    "a program ends if another one has changed the data with another lock file, or if the data was overwritten",
    arguments: [true, false])
  func changed(isOverwritten: Bool) throws {
    if isOverwritten {
      let bytes = try Files.read("\(backUp())/data.mdb")
      for _ in 0..<5 { #expect(try signIn().status == 200) }
      let descriptor = open("\(data)/data.mdb", O_WRONLY | O_CLOEXEC)
      defer { close(descriptor) }
      #expect(pwrite(descriptor, bytes, bytes.count, 0) == bytes.count)
    } else {
      let (lock, away) = ("\(data)/lock.mdb", parent.path("away"))
      try move(lock, away)
      try expectRefusal(signIn())
      do {
        let dashboard = try Dashboard(dataDirectory: data, settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
        _ = try dashboard.call(
          CreateSession.self, posted: ["username": "ada", "password": "password of ada"])
      }
      try move(away, lock)
    }
    let ending = try #require(site.responder).process.wait()
    #expect(ending.status == 70)
    #expect(ending.errors.contains("data.mdb was overwritten while it was in use"))
    // A new process takes the data as it is.
    let restarted = try Site(.fastcgi, data: parent)
    #expect(try restarted.request("GET", "/api/user/current-session", as: ada).status == 200)
    _ = try restarted.signIn("ada")
  }

  @Test("an app that is first used meanwhile does not get the settings of another one")
  func apps() throws {
    try Files.makeDirectory("\(data)/apps")
    try Files.write("MINIMUM_PASSWORD_LENGTH=33\n", to: "\(data)/apps/shop.conf")
    func settings() throws -> HTTPResponse {
      try site.request("GET", "/api/settings", headers: [("X-App", "shop")])
    }
    try move(data, parent.path("away"))
    // Before any other thread has noticed.
    try expectRefusal(settings())
    try expectRefusal(settings())
    try move(parent.path("away"), data)
    let isBack = try eventually { try settings().status == 200 }
    #expect(isBack)
    #expect(try settings().text.contains("33"))
  }
}
