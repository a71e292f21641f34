import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
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

  @Test("a process ends with a message when the data outgrows its map")
  func outgrownMap() throws {
    let data = try TemporaryDirectory()
    let site = try Site(.fastcgi, settings: ["MAP_SIZE": "1M"], data: data)
    let ada = try site.signUp("ada")
    let dashboard = try Dashboard(
      dataDirectory: data.path("data"),
      settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "MAP_SIZE": "64M", "MAXIMUM_RECORDS": "10000"])
    for _ in 0..<2000 where try Files.read(data.path("data/data.mdb")).count <= 5 << 18 {
      _ = try dashboard.call(CreateSession.self, posted: ["username": "ada", "password": "password of ada"])
    }
    try #require(try site.request("GET", "/api/user/current-session", as: ada).status == 503)
    let ending = try #require(site.responder?.process.wait())
    #expect(ending.status == 70)
    #expect(ending.errors.contains("the store must be opened anew"))
  }
}
