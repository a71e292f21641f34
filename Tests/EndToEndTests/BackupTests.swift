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
    #expect(
      Files.names(in: restored.path("data")) == ["apps", "dashboard.conf", "data.mdb", "manifest", "secrets"])
    #expect(try Files.mode(restored.path("data")) == 0o700)
    for name in ["data.mdb", "secrets", "dashboard.conf", "manifest", "apps/shop.conf"] {
      #expect(try Files.mode(restored.path("data/\(name)")) == 0o600)
    }
    #expect(try Files.text(restored.path("data/apps/shop.conf")) == "PAGE_SIZE=3\n")
    #expect(try Files.text(restored.path("data/dashboard.conf")) == "PAGE_SIZE=7\n")
    let copy = try Site(.fastcgi, data: restored)
    #expect(try copy.request("GET", "/api/user/current-session", as: ada).status == 200)
    for number in 0..<before { _ = try copy.signIn("user \(number)") }
  }

  @Test("slashes at the end of the directory's name change nothing", arguments: ["new/", "new//", "empty/"])
  func slashes(name: String) throws {
    let directory = try TemporaryDirectory()
    let site = try Site(.fastcgi)
    _ = try site.signUp("ada")
    try Files.makeDirectory(directory.path("empty"))
    let ending = try backUp(site.data.path("data"), to: directory.path(name))
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(Set(Files.names(in: directory.path)) == Set(["empty", String(name.prefix { $0 != "/" })]))
    #expect(Files.names(in: directory.path(name)).contains("data.mdb"))
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

  @Test("a backup of damaged data is refused in words, and is not ended by a signal")
  func damagedData() throws {
    let (site, directory) = (try Site(.fastcgi), try TemporaryDirectory())
    for number in 0..<30 { _ = try site.signUp("user \(number)") }
    #expect(try backUp(site.data.path("data"), to: directory.path("sound")).status == 0)
    try DamagedData.change(directory.path("sound/data.mdb")) { bytes in
      // The page size in both first pages, by which LMDB divides.
      for page in 0..<2 {
        let start = page * DamagedData.pageSize + 40
        bytes.replaceSubrange(start..<start + 4, with: repeatElement(0, count: 4))
      }
    }
    let ending = try backUp(directory.path("sound"), to: directory.path("backup"))
    #expect(ending.status == 73, "\(ending)")
    #expect(ending.errors.contains("the data file is damaged: reading it ended the copy"), "\(ending)")
    #expect(Files.names(in: directory.path) == ["sound"])
  }

  @Test("a backup removes what killed ones left, and nothing else")
  func leftovers() throws {
    let directory = try TemporaryDirectory()
    let site = try Site(.fastcgi)
    _ = try site.signUp("ada")
    let gone = try ChildProcess(["/bin/true"])
    _ = gone.wait()
    func leave(_ name: String, files: [String]) throws {
      try Files.makeDirectory(directory.path(name))
      try Files.makeDirectory(directory.path("\(name)/apps"))
      for file in files { try Files.write("x", to: directory.path("\(name)/\(file)")) }
    }
    let files = ["data.mdb", "secrets", "dashboard.conf", "manifest", "apps/shop.conf"]
    for name in ["monday", "a-b"] { try leave("\(name).partial-\(gone.pid)", files: files) }
    // Of a living process, under another name, and with another file.
    let kept = [
      "monday.partial-\(getpid())", "monday-\(gone.pid)", "other.partial-\(gone.pid)", "x.partial-y",
    ]
    for name in kept { try leave(name, files: files + (name.hasPrefix("other") ? ["lock.mdb"] : [])) }
    // A link to data, and a backup whose process is in another container.
    try #require(symlink(site.data.path("data"), directory.path("link.partial-\(gone.pid)")) == 0)
    let locked = "locked.partial-\(gone.pid)"
    try leave(locked, files: files)
    let lock = open(directory.path(locked), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try #require(lock >= 0 && flock(lock, LOCK_EX) == 0)
    defer { close(lock) }
    let ending = try backUp(site.data.path("data"), to: directory.path("tuesday"))
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(
      Files.names(in: directory.path)
        == (kept + [locked, "link.partial-\(gone.pid)", "tuesday"]).sorted())
    for name in kept + [locked] { #expect(Files.all(in: directory.path(name)).count >= files.count) }
    #expect(Files.names(in: site.data.path("data")).contains("data.mdb"))
  }

  /// A backup to `monday` that was stopped in the middle.
  private func stoppedBackup(of data: String, to directory: TemporaryDirectory) throws -> ChildProcess {
    for _ in 0..<100 {
      let process = try ChildProcess(
        [Programs.dashboard, "--backup", directory.path("monday")], environment: ["DATA_DIR": data])
      let partial = directory.path("monday.partial-\(process.pid)")
      while access(partial, F_OK) != 0, process.isRunning {}
      process.signal(SIGSTOP)
      if access(partial, F_OK) == 0 { return process }
      // It was faster.
      process.signal(SIGCONT)
      _ = process.wait()
      Files.removeAll(directory.path("monday"))
    }
    throw TestFailure("every backup was done before it could be stopped")
  }

  @Test("a killed backup is removed by the next one")
  func killed() throws {
    let directory = try TemporaryDirectory()
    let site = try Site(.fastcgi)
    _ = try site.signUp("ada")
    let process = try stoppedBackup(of: site.data.path("data"), to: directory)
    // A living backup stays.
    let other = try Site(.fastcgi)
    #expect(try backUp(other.data.path("data"), to: directory.path("tuesday")).status == 0)
    #expect(Files.names(in: directory.path) == ["monday.partial-\(process.pid)", "tuesday"])
    process.signal(SIGKILL)
    _ = process.wait()
    #expect(try backUp(other.data.path("data"), to: directory.path("wednesday")).status == 0)
    #expect(Files.names(in: directory.path) == ["tuesday", "wednesday"])
  }
}
