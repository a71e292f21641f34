import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import Glibc
import Synchronization
import TestSupport
import Testing

/// A data file that can't grow, or that grows beyond the map of a process.
@Suite("storage")
struct StorageTests {
  /// CGI is left out: each of its processes makes a map as large as the data.
  @Test("a full map is 503 storage-unavailable, and the data stays readable", arguments: [Front.fastcgi])
  func fullMap(front: Front) throws {
    let site = try Site(front, settings: ["MAP_SIZE": "1M"])
    let ada = try site.signUp("ada")
    let dashboard = try Dashboard(
      dataDirectory: site.data.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "MAP_SIZE": "1M"])
    for size in [60_000, 3000, 100] { try fill(dashboard, size) }
    let answer = try site.request(
      "POST", "/api/user/create-session", form: ["username": "ada", "password": "password of ada"])
    #expect(answer.status == 503)
    #expect(try answer.json["message"] == .string("storage-unavailable"))
    #expect(answer["Retry-After"] == "30")
    #expect(site.log.contains("storage unavailable: MDB_MAP_FULL"))
    #expect(try site.request("GET", "/api/user/current-session", as: ada).status == 200)
    let count = try site.request("GET", "/api/user/sessions-count?accountid=\(ada.accountid)", as: ada)
    let all = try site.request("GET", "/api/user/sessions?accountid=\(ada.accountid)&all=1", as: ada)
    #expect(try all.json.array?.count == Int(count.text))
  }

  /// Registers accounts of so many bytes until the map is full.
  private func fill(_ dashboard: Dashboard, _ size: Int) throws {
    let app = dashboard.configuration.appName
    while true {
      do {
        try dashboard.services.store.write(app) { change in
          let number = try change.nextPlace()
          _ = try change.insert(
            Account(
              appid: app,
              usernameHash: Hash.sha512([
                UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8),
              ]),
              passwordHash: PasswordHash(text: String(repeating: "x", count: size)), sessionSalt: [],
              createdAt: dashboard.services.clock.now()))
        }
      } catch is Store.Unavailable {
        return
      }
    }
  }

  /// The other process is this one.
  @Test("a process goes on while another one with a larger map makes the data grow")
  func growth() throws {
    let data = try TemporaryDirectory()
    let site = try Site(.fastcgi, settings: ["MAP_SIZE": "1M"], data: data)
    let ada = try site.signUp("ada")
    let isDone = Atomic(false)
    let counts = try Threads.run(5) { thread in
      if thread == 0 {
        defer { isDone.store(true, ordering: .releasing) }
        for (mapSize, bytes) in [("4M", 3 << 20), ("8M", 6 << 20), ("32M", 12 << 20)] {
          let settings = ["BCRYPT_WORKLOAD_FACTOR": "4", "MAP_SIZE": mapSize]
          let dashboard = try Dashboard(dataDirectory: data.path("data"), settings: settings)
          try grow(dashboard, to: bytes, data)
          // The site can add to the data too.
          let again = try site.signIn("ada")
          #expect(try site.request("GET", "/api/user/current-session", as: again).status == 200)
        }
        return 0
      }
      var count = 0
      while !isDone.load(ordering: .acquiring) {
        let answer = try site.request("GET", "/api/user/current-session", as: ada)
        #expect(answer.status == 200)
        #expect(try answer.json["sessionid"] == .string(ada.sessionid))
        count += 1
      }
      return count
    }
    #expect(counts[1...].allSatisfy { $0 > 10 })
    // The map is nearly full until it grows.
    #expect(lines(site.log).filter { !$0.hasPrefix("dashboard: map-") } == [])
    #expect(try #require(site.responder).process.isRunning)
    // What the sign-ins of all rounds made.
    #expect(
      try site.request("GET", "/api/user/sessions-count?accountid=\(ada.accountid)", as: ada).text == "4")
  }

  /// The lines of a log without events, and without the warning of the cheap hashes.
  private func lines(_ log: String) -> [Substring] {
    log.split(separator: "\n").filter {
      $0.hasPrefix("dashboard: ") && !$0.hasPrefix("dashboard: BCRYPT_WORKLOAD_FACTOR")
    }
  }

  /// Registers accounts of half a megabyte until the data file has so many bytes.
  private func grow(_ dashboard: Dashboard, to bytes: Int, _ data: TemporaryDirectory) throws {
    let app = dashboard.configuration.appName
    var status = stat()
    while stat(data.path("data/data.mdb"), &status) == 0, status.st_size < bytes {
      try dashboard.services.store.write(app) { change in
        let number = try change.nextPlace()
        _ = try change.insert(
          Account(
            appid: app, usernameHash: Hash.sha512(Array("\(number)".utf8)),
            passwordHash: PasswordHash(text: String(repeating: "x", count: 500_000)), sessionSalt: [],
            createdAt: dashboard.services.clock.now()))
      }
    }
  }

  /// The other process has a map of 64 GiB.
  @Test(
    "in little address space a process takes as much of a larger map as fits, and ends if the data does not",
    arguments: [
      true, false,
    ])
  func littleAddressSpace(fits: Bool) throws {
    let data = try TemporaryDirectory()
    let site = try Site(.fastcgi, settings: ["MAP_SIZE": "1M"], data: data)
    let ada = try site.signUp("ada")
    let process = try #require(site.responder).process
    try limitAddressSpace(of: process.pid, beyondUse: fits ? 64 << 20 : 1 << 20)
    try LargerMap.add("first", bytes: 8 << 20, mapSize: 64 << 30, in: data.path("data"))
    let answer = try site.request("GET", "/api/user/current-session", as: ada)
    if fits {
      #expect(answer.status == 200)
      _ = try site.signIn("ada")
      try LargerMap.add("second", bytes: 8 << 20, mapSize: 64 << 30, in: data.path("data"))
      _ = try site.signIn("ada")
      #expect(lines(site.log) == [])
      return
    }
    #expect(answer.status == 503)
    let ending = process.wait()
    #expect(ending.status == 70)
    #expect(ending.errors.contains("MDB_MAP_RESIZED"))
  }

  private func limitAddressSpace(of pid: Int32, beyondUse bytes: Int) throws {
    let pages = try Files.text("/proc/\(pid)/statm").split(separator: " ").first.flatMap { Int($0) } ?? 0
    let size = pages * sysconf(Int32(_SC_PAGESIZE)) + bytes
    let ending = try ChildProcess.run(["/usr/bin/prlimit", "--pid", "\(pid)", "--as=\(size)"])
    guard ending.status == 0 else { throw TestFailure(ending.errors) }
  }

  @Test("a start with a map smaller than the data is a warning, and so is --check-config")
  func smallerMap() throws {
    let data = try TemporaryDirectory()
    let environment = ["DATA_DIR": data.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"]
    let user = try Site(.fastcgi, data: data).signUp("ada")
    try LargerMap.add("large", bytes: 3 << 20, mapSize: 64 << 30, in: data.path("data"))
    #expect(lines(try Programs.run(["--check-config"], environment).errors) == [])
    let site = try Site(.fastcgi, settings: ["MAP_SIZE": "1M"], data: data)
    let small = environment.merging(["MAP_SIZE": "1M"]) { $1 }
    let check = try Programs.run(["--check-config"], small)
    #expect(check.status == 0)
    for lines in [lines(site.log), lines(check.errors)] {
      #expect(lines.count == 1)
      let line = lines.first ?? ""
      #expect(
        line.hasPrefix("dashboard: map-full: \(data.path("data"))/data.mdb uses ")
          && line.contains("that MAP_SIZE or a limit of address space allows"))
      #expect(line.hasSuffix("Raise MAP_SIZE and restart"))
    }
    #expect(try site.request("GET", "/api/user/current-session", as: user).status == 200)
  }
}
