import DashboardCrypto
import DashboardRecords
import DashboardStore
import Glibc
import Synchronization
import TestSupport
import Testing

/// `dashboard check`, beside a server that writes, and on damaged data.
@Suite("the check command")
struct CheckCommandTests {
  @Test("sound data has no findings while people register and sign in")
  func whileInUse() throws {
    let site = try Site(.fastcgi, settings: ["MAXIMUM_REGISTRATIONS": "1000000"])
    let grace = Operator(of: site)
    _ = try site.signUp("ada")
    let isDone = Atomic(false)
    _ = try Threads.run(2) { thread in
      if thread == 0 {
        var number = 0
        while !isDone.load(ordering: .acquiring) {
          _ = try site.signUp("user \(number)")
          number += 1
        }
        return
      }
      defer { isDone.store(true, ordering: .releasing) }
      for _ in 0..<10 { #expect(try grace.answer("check").array?.count == 0) }
    }
    let text = try grace.text("check")
    #expect(text.hasPrefix("All is well. Checked: ") && text.contains(" sessions: "))
    #expect(try site.request("GET", "/api/settings").status == 200)
  }

  /// A copy of the data of a site with some accounts.
  private static func backup() throws -> TemporaryDirectory {
    let site = try Site(.fastcgi)
    for number in 0..<30 { _ = try site.signUp("user \(number)") }
    let directory = try TemporaryDirectory()
    _ = try Operator(of: site).text("backup", directory.path("data"))
    return directory
  }

  private func findings(_ directory: TemporaryDirectory) throws -> [String] {
    let ending = try Programs.run(["check", "--json"], ["DATA_DIR": directory.path("data")])
    #expect(ending.errors.isEmpty)
    let findings = try JSON(Array(ending.output.utf8.dropLast())).array ?? []
    #expect(ending.status == (findings.isEmpty ? 0 : 1), "\(ending.output)")
    return findings.map { "\($0["place"]?.string ?? ""): \($0["text"]?.string ?? "")" }
  }

  @Test("each kind of damage to the file is a finding, and the command is never ended by a signal")
  func damage() throws {
    let directory = try Self.backup()
    let path = directory.path("data/data.mdb")
    let sound = try Files.read(path)
    let size = DamagedData.pageSize
    func findings(_ change: (inout [UInt8]) -> Void) throws -> [String] {
      var bytes = sound
      change(&bytes)
      try Files.write(bytes, to: path)
      return try self.findings(directory)
    }
    #expect(try findings { _ in } == [])
    #expect(try findings { $0.removeLast(size) }[0].contains("cut short or is damaged"))
    let middle = sound.count / size / 2 * size
    let zeroed = try findings {
      $0.replaceSubrange(middle..<middle + size, with: repeatElement(0, count: size))
    }
    #expect(zeroed[0].hasPrefix("data.mdb: page \(middle / size) of the table '"))
    let swapped = try findings { bytes in
      for place in 0..<size { bytes.swapAt(middle + place, middle - size + place) }
    }
    #expect(swapped != [])
    // The page size in both first pages, by which LMDB divides.
    let ended = try findings { bytes in
      for page in 0..<2 {
        bytes.replaceSubrange(page * size + 40..<page * size + 44, with: repeatElement(0, count: 4))
      }
    }
    #expect(
      ended == ["data.mdb: the data file is damaged: reading it ended the check (Floating point exception)"])
    let foreign = try findings { $0 = Array(repeatElement(UInt8(ascii: "x"), count: 3 * size)) }
    #expect(foreign[0].hasPrefix("data.mdb: "))
    // Any byte of a key, a value, or a page's head.
    var found = 0
    for page in 2..<sound.count / size {
      found += try findings { $0[page * size + 3000] ^= 0xFF }.count
    }
    #expect(found > 0)
  }

  @Test("first pages in each other's place are a finding, and the check ends")
  func swappedFirstPages() throws {
    let directory = try Self.backup()
    let size = DamagedData.pageSize
    try DamagedData.change(directory.path("data/data.mdb")) { bytes in
      for place in 0..<size { bytes.swapAt(place, size + place) }
    }
    #expect(try !findings(directory).isEmpty)
  }

  @Test("keys that are not those of the data are a finding")
  func keys() throws {
    let directory = try Self.backup()
    try DamagedData.change(directory.path("data/secrets")) { bytes in
      if let place = bytes.firstIndex(of: UInt8(ascii: "=")) { bytes[place + 1] ^= 1 }
    }
    #expect(
      try findings(directory)
        == ["secrets: the keys in it and in the settings are not those of the data"])
  }

  @Test("an index without its entries is told, in words and as JSON")
  func index() throws {
    let directory = try Self.backup()
    try DamagedData.empty(table: "usernames", in: directory.path("data"))
    let findings = try findings(directory)
    #expect(findings.count == 31)
    #expect(findings[0].hasPrefix("usernames: has no entry for acct_"))
    #expect(findings[30] == "usernames: 0 entries for 30 records")
    let ending = try Programs.run(["check"], ["DATA_DIR": directory.path("data")])
    #expect(ending.status == 1)
    #expect(ending.output.hasSuffix("Restore a backup: dashboard restore BACKUP\n"))
    try DamagedData.empty(table: "counts", in: directory.path("data"))
    #expect(try self.findings(directory).contains("counts: accounts of app 1: 0, expected 30"))
  }

  @Test("of many findings the first thousand are told, and how many follow")
  func many() throws {
    let directory = try TemporaryDirectory()
    try Files.makeDirectory(directory.path("data"))
    do {
      let secrets = Secrets(encryption: "a key", session: "another key")
      let store = try Store(
        .dataFile(directory: directory.path("data"), maximumSize: 64 << 20), secrets: secrets)
      let app = try #require(AppName("dashboard"))
      try store.write(app) { change in
        _ = try change.claimOwnership()
        for number in 0..<1100 {
          _ = try change.insert(
            Account(
              appid: app, usernameHash: secrets.hash("user \(number)".utf8),
              passwordHash: PasswordHash(text: ""),
              sessionSalt: [], createdAt: Timestamp(milliseconds: 1)))
        }
      }
    }
    try DamagedData.empty(table: "usernames", in: directory.path("data"))
    try Files.write([], to: directory.path("data/begun"))
    let ending = try Programs.run(
      ["check"],
      [
        "DATA_DIR": directory.path("data"), "DASHBOARD_ENCRYPTION_KEY": "x", "DASHBOARD_SESSION_KEY": "y",
      ])
    #expect(ending.status == 1)
    let lines = ending.output.split(separator: "\n")
    #expect(lines.count == 1002)
    // The keys are not those of the data either.
    #expect(lines[1000] == "more: 102 further findings")
  }

  @Test("data that is not there, is lost, or is of a newer program is an error and no finding")
  func errors() throws {
    let directory = try Self.backup()
    let data = directory.path("data")
    func status(_ sentence: String) throws -> Int32 {
      let ending = try Programs.run(["check"], ["DATA_DIR": data])
      #expect(ending.output.isEmpty)
      #expect(ending.errors.contains(sentence), "\(ending.errors)")
      return ending.status
    }
    let none = try Programs.run(["check"], ["DATA_DIR": directory.path("none")])
    #expect(none.status == 66)
    #expect(Files.names(in: directory.path) == ["data"])
    try #require(unlink("\(data)/data.mdb") == 0)
    #expect(try status("restore all files of \(data) from a backup") == 78)
    #expect(try Programs.run(["check", "--app", "x"]).status == 64)
  }
}
