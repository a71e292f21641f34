import Glibc
import TestSupport
import Testing

/// `dashboard verify`, on backups of a running site: as they are made, and damaged.
@Suite("the verify command")
struct VerifyCommandTests {
  private let site: Site
  private let grace: Operator
  private let directory: TemporaryDirectory
  private var backup: String { directory.path("backup") }

  init() throws {
    directory = try TemporaryDirectory()
    site = try Site(.fastcgi)
    grace = Operator(of: site)
    for number in 0..<3 { _ = try site.signUp("user \(number)") }
    try Files.makeDirectory(site.data.path("data/apps"))
    try Files.write("PAGE_SIZE=3\n", to: site.data.path("data/apps/shop.conf"))
    _ = try grace.text("backup", directory.path("backup"))
  }

  /// The names and contents of all files, and the names of directories.
  private func contents(_ path: String) throws -> [String: [UInt8]] {
    try Dictionary(uniqueKeysWithValues: Files.all(in: path).map { ($0, try Files.read($0)) })
  }

  private func findings() throws -> [String] {
    let ending = try grace.run(["verify", backup, "--json"])
    #expect(ending.status == 1, "\(ending.output)")
    #expect(ending.errors.isEmpty)
    let findings = try JSON(Array(ending.output.utf8.dropLast())).array ?? []
    return findings.map { "\($0["place"]?.string ?? ""): \($0["text"]?.string ?? "")" }
  }

  @Test("a sound backup is told with what it holds and where its keys are, and not one byte of it changes")
  func sound() throws {
    let before = try contents(backup)
    let answer = try grace.answer("verify", backup)
    #expect(answer["path"]?.string == backup)
    let counts =
      answer["counts"]?.array?.map { "\($0["name"]?.string ?? "") \(Int($0["count"]?.number ?? -1))" } ?? []
    #expect(counts.contains("accounts 3") && counts.contains("sessions 3"), "\(counts)")
    #expect(
      answer["keys"]?.array?.compactMap(\.string).first?.hasPrefix("keys: in the backup (fingerprint ")
        == true)
    #expect(answer["made"]?.string?.hasPrefix("20") == true)
    let text = try grace.text("verify", backup + "/")
    #expect(text.contains("Accounts") && text.contains("Newest record"))
    #expect(try contents(backup) == before)
    #expect(Files.names(in: backup) == ["apps", "data.mdb", "manifest", "secrets"])
    #expect(try Files.mode("\(backup)/manifest") == 0o600)
  }

  @Test("sha256sum reads the manifest too")
  func coreutils() throws {
    let script = #"cd "$1" && exec sha256sum --strict --check manifest"#
    let ending = try ChildProcess.run(["/bin/sh", "-c", script, "sh", backup])
    #expect(ending.status == 0, "\(ending.errors)")
    #expect(ending.output == "data.mdb: OK\nsecrets: OK\napps/shop.conf: OK\n")
  }

  @Test(
    "a missing, an extra, an altered and a cut file is named, and so is damage to the data or the manifest")
  func damage() throws {
    let before = try contents(backup)
    func findings(_ change: () throws -> Void) throws -> [String] {
      try change()
      defer {
        for path in Files.all(in: backup) { unlink(path) }
        for (path, bytes) in before { try? Files.write(bytes, to: path) }
      }
      return try self.findings()
    }
    let data = "\(backup)/data.mdb"
    #expect(try findings { unlink("\(backup)/secrets") } == ["secrets: is missing"])
    #expect(try findings { unlink("\(backup)/apps/shop.conf") } == ["apps/shop.conf: is missing"])
    #expect(
      try findings { try Files.write("x", to: "\(backup)/lock.mdb") }
        == ["lock.mdb: is not of the backup: the manifest does not have it"])
    #expect(
      try findings { try Files.write("PAGE_SIZE=4\n", to: "\(backup)/apps/shop.conf") }
        == ["apps/shop.conf: was altered"])
    let length = before[data]?.count ?? 0
    let cut = try findings { truncate(data, length - 4096) }
    #expect(cut[0] == "data.mdb: was cut short: \(length - 4096) of \(length) bytes")
    #expect(cut[1].contains("cut short or is damaged"))
    // A byte that no index depends on.
    let flipped = try findings { try DamagedData.change(data) { $0[$0.count - 5000] ^= 1 } }
    #expect(flipped[0] == "data.mdb: was altered")
    let zeroed = try findings {
      try DamagedData.change(data) { $0.replaceSubrange(8192..<12288, with: repeatElement(0, count: 4096)) }
    }
    #expect(zeroed.count >= 2)
    #expect(try findings { unlink(data) } == ["data.mdb: is missing"])
    #expect(try findings { truncate(data, 0) }.count >= 2)
    #expect(try findings { symlinked(data) }.contains { $0.hasPrefix("data.mdb: can't be read: ") })
    let manifest = "\(backup)/manifest"
    #expect(try findings { symlinked(manifest) }.contains { $0.hasPrefix("manifest: can't be read: ") })
    let pipe = try findings {
      unlink(manifest)
      mkfifo(manifest, 0o600)
    }
    #expect(pipe.contains("manifest: can't be read: Not a regular file"))
    #expect(
      try findings { symlinked("\(backup)/secrets") }.contains { $0.hasPrefix("secrets: can't be read: ") })
    #expect(
      try findings { try DamagedData.change(manifest) { $0.removeLast(10) } }[0].hasPrefix("manifest: line "))
    let short = try findings {
      try DamagedData.change(manifest) { bytes in
        bytes.removeLast()
        while bytes.last != UInt8(ascii: "\n") { bytes.removeLast() }
      }
    }
    #expect(short == ["apps/shop.conf: is not of the backup: the manifest does not have it"])
    let other = try Files.text(manifest).replacing("# accounts: 3", with: "# accounts: 4")
    #expect(
      try findings { try Files.write(other, to: manifest) }
        == ["manifest: it says 4 for accounts, and the data has 3"])
    _ = try grace.text("verify", backup)
  }

  private func symlinked(_ path: String) {
    rename(path, directory.path("elsewhere"))
    symlink(directory.path("elsewhere"), path)
  }

  @Test("a backup of an older program, without a manifest, is checked by its data")
  func noManifest() throws {
    unlink("\(backup)/manifest")
    #expect(try grace.text("verify", backup).contains("unknown: it has no manifest"))
    try Files.write("x", to: "\(backup)/notes")
    #expect(try findings() == ["notes: is no file of a backup"])
    unlink("\(backup)/notes")
    try DamagedData.change("\(backup)/data.mdb") { bytes in
      for place in 2 * 4096..<bytes.count { bytes[place] ^= 0x55 }
    }
    #expect(try findings() != [])
  }

  @Test("keys of another backup are a finding, and keys that were given by settings are told")
  func keys() throws {
    unlink("\(backup)/manifest")
    try Files.write(
      "DASHBOARD_ENCRYPTION_KEY=other\nDASHBOARD_SESSION_KEY=other\n", to: "\(backup)/secrets")
    #expect(try findings() == ["secrets: these are not the keys of the data: they are of another backup"])

    let given = ["DASHBOARD_ENCRYPTION_KEY": "a key", "DASHBOARD_SESSION_KEY": "another key"]
    let site = try Site(.fastcgi, settings: given)
    _ = try site.signUp("ada")
    let other = directory.path("other")
    _ = try Operator(of: site, settings: given).text("backup", other)
    #expect(Files.names(in: other) == ["begun", "data.mdb", "manifest"])
    let there = try Operator(of: site, settings: given).answer("verify", other)
    #expect(there["keys"]?.array?.first?.string?.contains("given by the settings of this machine") == true)
    let elsewhere = try grace.answer("verify", other)
    #expect(
      elsewhere["keys"]?.array?.first?.string?.contains("neither in the backup nor in the settings") == true)
  }

  @Test("what is no backup, or is the data of a running server, is refused and stays as it is")
  func errors() throws {
    let data = site.data.path("data")
    for (path, status, sentence) in [
      (directory.path("none"), 66, "can't be read: No such file or directory"),
      (directory.path, 66, "is no backup: it has no data.mdb"),
      (
        data, 65,
        "is no backup but data in use (by process \(site.responder?.process.pid ?? 0)): dashboard check"
      ),
    ] as [(String, Int32, String)] {
      try grace.expectRefusal(["verify", path], status, "\(path) \(sentence)")
    }
    try grace.expectRefusal(["verify"], 64, "BACKUP is missing")
    #expect(try site.request("GET", "/api/settings").status == 200)
  }
}
