import Glibc
import TestSupport
import Testing

/// `dashboard restore`, and what it refuses.
@Suite("the restore command")
struct RestoreCommandTests {
  private let site: Site
  private let grace: Operator
  private let directory: TemporaryDirectory
  private var backup: String { directory.path("backup") }
  private var target: String { directory.path("data") }

  init() throws {
    directory = try TemporaryDirectory()
    try Files.write("PAGE_SIZE=7\n", to: directory.path("settings"))
    site = try Site(.fastcgi)
    grace = Operator(of: site, settings: ["DASHBOARD_CONFIG": directory.path("settings")])
    _ = try site.signUp("ada")
    try Files.makeDirectory(site.data.path("data/apps"))
    try Files.write("PAGE_SIZE=3\n", to: site.data.path("data/apps/shop.conf"))
    _ = try grace.text("backup", directory.path("backup"))
  }

  /// Restores to `data` in the test's directory.
  private func restore(_ words: String..., settings: [String: String] = [:]) throws -> ChildProcess.Ending {
    var grace = grace
    grace.settings.merge(["DATA_DIR": target]) { $1 }
    grace.settings.merge(settings) { $1 }
    return try grace.run(["restore", backup] + words)
  }

  private func expectRefusal(
    _ status: Int32, _ sentence: String, settings: [String: String] = [:],
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let before = Files.all(in: directory.path)
    let ending = try restore(settings: settings)
    #expect(ending.status == status, sourceLocation: location)
    #expect(ending.errors.contains(sentence), "\(ending.errors)", sourceLocation: location)
    #expect(Files.all(in: directory.path) == before, sourceLocation: location)
  }

  @Test(
    "what a site had at the backup is served again, from a new or an empty directory",
    arguments: [false, true])
  func restored(isEmpty: Bool) throws {
    let later = try site.signUp("later")
    if isEmpty { try Files.makeDirectory(target) }
    let ending = try restore()
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.output.hasPrefix("Restored \(backup), made 20"))
    #expect(ending.output.hasSuffix(" to \(target).\n"))
    #expect(Files.names(in: directory.path) == ["backup", "data", "settings"])
    #expect(Files.names(in: target) == ["apps", "data.mdb", "secrets"])
    #expect(try Files.mode(target) == 0o700)
    #expect(try Files.mode("\(target)/apps") == 0o700)
    for name in ["data.mdb", "secrets", "apps/shop.conf"] {
      #expect(try Files.mode("\(target)/\(name)") == 0o600)
      #expect(try Files.read("\(target)/\(name)") == Files.read("\(backup)/\(name)"))
    }
    let copy = try Site(.fastcgi, data: directory)
    _ = try copy.signIn("ada")
    #expect(throws: Site.Unexpected.self) { try copy.signIn("later") }
    #expect(try site.request("GET", "/api/user/current-session", as: later).status == 200)
    _ = try grace.text("verify", backup)
  }

  @Test("--dry-run verifies and changes nothing; settings that are not installed are told")
  func dryRun() throws {
    let dry = try restore("--dry-run", settings: ["DASHBOARD_CONFIG": ""])
    #expect(dry.status == 0)
    #expect(dry.output.hasPrefix("Dry run, nothing is changed. Without it: Restored "))
    #expect(
      dry.errors.contains("\(backup)/dashboard.conf is not installed; compare it with the settings in use"))
    #expect(Files.names(in: directory.path) == ["backup", "settings"])
    try Files.makeDirectory(directory.path("apps"))
    let other = try restore("--json", settings: ["APPS_DIR": directory.path("apps")])
    #expect(other.status == 0)
    #expect(try JSON(Array(other.output.utf8.dropLast()))["object"]?.string == "backup")
    #expect(other.errors.contains("copy \(target)/apps/*.conf there"))
  }

  @Test("a live directory, and one that is not empty, stay as they are")
  func inPlace() throws {
    let data = site.data.path("data")
    let pid = try #require(site.responder).process.pid
    let before = try Files.read("\(data)/data.mdb")
    try expectRefusal(
      73, "\(data) is in use by process \(pid): stop the server first", settings: ["DATA_DIR": data])
    #expect(try Files.read("\(data)/data.mdb") == before)
    #expect(try site.request("GET", "/api/settings").status == 200)

    try Files.makeDirectory(target)
    try Files.write("x", to: "\(target)/notes")
    try expectRefusal(73, "\(target) is not empty. Move it away first: mv \(target) \(target).20")
    unlink("\(target)/notes")
    // A first start has just begun there.
    let lock = open(target, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try #require(lock >= 0 && flock(lock, LOCK_EX) == 0)
    try expectRefusal(73, "nothing was restored: lock \(target)")
    close(lock)
    #expect(try restore().status == 0)
  }

  @Test("a damaged backup, and what is none, is not restored")
  func damaged() throws {
    try DamagedData.change("\(backup)/secrets") { $0[40] ^= 1 }
    let ending = try restore()
    #expect(ending.status == 1)
    #expect(ending.output.hasPrefix("secrets: was altered\n"))
    #expect(ending.output.hasSuffix("The backup is damaged. Use another one.\n"))
    unlink("\(backup)/manifest")
    unlink("\(backup)/data.mdb")
    try expectRefusal(66, "\(backup) is no backup: it has no data.mdb")
    #expect(Files.names(in: directory.path) == ["backup", "settings"])
  }

  @Test("a backup of a program without manifests is restored")
  func noManifest() throws {
    unlink("\(backup)/manifest")
    #expect(try restore().status == 0)
    _ = try Site(.fastcgi, data: directory).signIn("ada")
  }

  @Test("a full disk, and a parent that can't be written, leave nothing behind")
  func full() throws {
    let script = #"ulimit -f 20 && exec "$@""#
    let full = try ChildProcess.run(
      ["/bin/sh", "-c", script, "sh", Programs.dashboard, "restore", backup],
      environment: ["DATA_DIR": target])
    #expect(full.status == 73)
    #expect(full.errors.contains("nothing was restored: copy to \(target).partial-"), "\(full.errors)")
    #expect(full.errors.contains("File too large"))
    #expect(Files.names(in: directory.path) == ["backup", "settings"])
    try expectRefusal(
      73, "nothing was restored: create ", settings: ["DATA_DIR": directory.path("none/data")])
  }

  @Test("a killed restore leaves no data directory, and the next one removes what it left")
  func killed() throws {
    // Copying it takes a while.
    unlink("\(backup)/manifest")
    let large = "\(backup)/apps/large.conf"
    try Files.write([], to: large)
    try #require(truncate(large, 200 << 20) == 0)
    let process = try ChildProcess(
      [Programs.dashboard, "restore", backup], environment: ["DATA_DIR": target])
    let partial = "data.partial-\(process.pid)"
    let isAtWork = eventually(timeout: 30_000) {
      Files.names(in: directory.path).contains(partial) || !process.isRunning
    }
    process.signal(SIGKILL)
    #expect(isAtWork && process.wait().status == 128 + SIGKILL)
    #expect(Files.names(in: directory.path) == ["backup", partial, "settings"])
    unlink(large)
    #expect(try restore().status == 0)
    #expect(Files.names(in: directory.path) == ["backup", "data", "settings"])
  }

  private func goneProcess() throws -> Int32 {
    let process = try ChildProcess(["/bin/true"])
    _ = process.wait()
    return process.pid
  }

  private func owner(_ path: String) -> uid_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_uid : .max
  }

  /// Root gives the files to the user who will open them.
  @Test(
    "files that root restores belong to the owner of the empty directory, or else to that of the backup",
    .enabled(if: geteuid() == 0))
  func ownership() throws {
    // No user has to have these numbers.
    chmod(directory.path, 0o711)
    try Files.makeDirectory(target)
    chown(target, 54_321, 54_321)
    #expect(try restore().status == 0)
    for path in [target] + Files.all(in: target) { #expect(owner(path) == 54_321) }
    try #require(rename(target, directory.path("first")) == 0)
    for path in Files.all(in: backup) + ["\(backup)/apps", backup] { chown(path, 54_322, 54_322) }
    #expect(try restore().status == 0)
    for path in [target, "\(target)/apps"] + Files.all(in: target) { #expect(owner(path) == 54_322) }
    // A user who can't replace the empty directory fills it.
    try #require(rename(target, directory.path("third")) == 0)
    try Files.makeDirectory(target)
    chown(target, 54_322, 54_322)
    try Files.makeDirectory("\(target)/restore.partial-\(goneProcess())")
    for path in Files.names(in: target) { chown("\(target)/\(path)", 54_322, 54_322) }
    let user = try ChildProcess.run(
      [
        "/usr/bin/setpriv", "--reuid=54322", "--regid=54322", "--clear-groups", Programs.dashboard, "restore",
        backup,
      ], environment: ["DATA_DIR": target])
    #expect(user.status == 0, "\(user.errors)")
    #expect(Files.names(in: target) == ["apps", "data.mdb", "secrets"])
    #expect(try Files.read("\(target)/data.mdb") == Files.read("\(backup)/data.mdb"))
    // Root does not follow a link of another user.
    try #require(rename(target, directory.path("second")) == 0)
    unlink("\(backup)/manifest")
    unlink("\(backup)/apps/shop.conf")
    symlink(directory.path("settings"), "\(backup)/apps/shop.conf")
    #expect(try restore().status == 1)
  }
}
