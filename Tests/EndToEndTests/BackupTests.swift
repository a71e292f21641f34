import Glibc
import Synchronization
import TestSupport
import Testing

/// `dashboard --backup` copies the data of a running site.
@Suite("backups")
struct BackupTests {
  private let settings: TemporaryDirectory

  init() throws {
    settings = try TemporaryDirectory()
    try Files.write("PAGE_SIZE=7\n", to: settings.path("settings"))
  }

  private func backUp(_ data: String, to path: String) throws -> ChildProcess.Ending {
    try ChildProcess.run(
      [Programs.dashboard, "--backup", path],
      environment: ["DATA_DIR": data, "DASHBOARD_CONFIG": settings.path("settings")])
  }

  @Test("a backup during registrations has every account that was answered before, and serves")
  func whileInUse() throws {
    let site = try Site(.fastcgi, settings: ["MAXIMUM_REGISTRATIONS": "1000000"])
    try Files.makeDirectory(site.data.path("data/apps"))
    try Files.write("PAGE_SIZE=3\n", to: site.data.path("data/apps/shop.conf"))
    let ada = try site.signUp("ada")
    let restored = try TemporaryDirectory()
    let count = Atomic(0)
    let isDone = Atomic(false)
    let (before, ending) = try Threads.run(2) { thread -> (Int, ChildProcess.Ending?) in
      if thread == 0 {
        while !isDone.load(ordering: .acquiring) {
          _ = try site.signUp("user \(count.load(ordering: .relaxed))")
          count.wrappingAdd(1, ordering: .releasing)
        }
        return (0, nil)
      }
      defer { isDone.store(true, ordering: .releasing) }
      guard eventually({ count.load(ordering: .acquiring) >= 20 }) else { throw TestFailure("no accounts") }
      let before = count.load(ordering: .acquiring)
      return (before, try backUp(site.data.path("data"), to: restored.path("data")))
    }[1]
    #expect(ending?.status == 0, "\(ending?.errors ?? "")")
    #expect(before >= 20)

    #expect(Files.names(in: restored.path) == ["data"])
    #expect(Files.names(in: restored.path("data")) == ["apps", "dashboard.conf", "data.mdb", "secrets"])
    #expect(try Files.mode(restored.path("data")) == 0o700)
    for name in ["data.mdb", "secrets", "dashboard.conf", "apps/shop.conf"] {
      #expect(try Files.mode(restored.path("data/\(name)")) == 0o600)
    }
    #expect(try Files.text(restored.path("data/apps/shop.conf")) == "PAGE_SIZE=3\n")
    #expect(try Files.text(restored.path("data/dashboard.conf")) == "PAGE_SIZE=7\n")
    let copy = try Site(.fastcgi, data: restored)
    #expect(try copy.request("GET", "/api/user/current-session", as: ada).status == 200)
    for number in 0..<before { _ = try copy.signIn("user \(number)") }
  }

  @Test("a refused backup replaces no file, leaves none behind, and says why")
  func refusals() throws {
    let directory = try TemporaryDirectory()
    let none = try backUp(directory.path("data"), to: directory.path("backup"))
    #expect(none.status == 73)
    #expect(none.errors.contains("\(directory.path("data"))/data.mdb: No such file or directory"))
    #expect(Files.names(in: directory.path).isEmpty)

    let site = try Site(.fastcgi)
    _ = try site.signUp("ada")
    try Files.makeDirectory(directory.path("backup"))
    try Files.write("of yesterday", to: directory.path("backup/data.mdb"))
    let existing = try backUp(site.data.path("data"), to: directory.path("backup"))
    #expect(existing.status == 73)
    #expect(existing.errors.contains("\(directory.path("backup")): Directory not empty"))
    #expect(try Files.text(directory.path("backup/data.mdb")) == "of yesterday")
    #expect(Files.names(in: directory.path) == ["backup"])
    #expect(try backUp(site.data.path("data"), to: directory.path("no/backup")).status == 73)
  }
}
