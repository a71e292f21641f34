import DashboardEndpoints
import DashboardRecords
import DashboardRouting
@testable import DashboardStore
import TestSupport
import Testing

/// Protections work both with threads and with one process for each request.
@Suite("protection in every front")
struct FrontTests {
  @Test(
    "of many parallel attempts, in one process or in many, no more than allowed are checked",
    arguments: Front.everywhere)
  func parallel(front: Front) throws {
    let site = try Site(front, settings: ["MAXIMUM_ATTEMPTS": "3"])
    _ = try site.signUp("ada")
    let statuses = try Threads.run(16) { _ in
      try site.request(
        "POST", "/api/user/create-session", form: ["username": "ada", "password": "wrong"]
      ).status
    }
    #expect(statuses.filter { $0 == 401 }.count == 3)
    #expect(statuses.filter { $0 == 429 }.count == 13)
  }

  /// A clock that stands still.
  struct FixedClock: TimeSource {
    let moment: Timestamp
    func now() -> Timestamp { moment }
  }

  @Test("activity is stored, and an idle session has ended", arguments: Front.everywhere)
  func idleness(front: Front) throws {
    let settings = ["SESSION_IDLE_TIMEOUT": "300"]
    let site = try Site(front, settings: settings)
    _ = try site.signUp("ada")
    func session(secondsAgo: Int64) throws -> (Session, Site.User) {
      let dashboard = try Dashboard(
        dataDirectory: site.data.path("data"),
        settings: settings.merging(["BCRYPT_WORKLOAD_FACTOR": "4"]) { $1 },
        clock: FixedClock(moment: SystemClock().now().adding(seconds: -secondsAgo)))
      let session = try dashboard.call(
        CreateSession.self, posted: ["username": "ada", "password": "password of ada"])
      let user = Site.User(
        accountid: "\(session.accountid)", sessionid: "\(session.sessionid)", token: session.token ?? "")
      return (session, user)
    }
    let (_, idle) = try session(secondsAgo: 301)
    #expect(try site.request("GET", "/api/user/current-session", as: idle).status == 401)
    let (used, user) = try session(secondsAgo: 250)
    #expect(try site.request("GET", "/api/user/current-session", as: user).status == 200)
    let dashboard = try Dashboard(
      dataDirectory: site.data.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
    let isNoted = try eventually {
      let stored: Session? = try dashboard.services.store.read(dashboard.app().name) {
        try $0.record(used.sessionid)
      }
      return stored.map { $0.lastUse > used.createdAt.adding(seconds: 200) } ?? false
    }
    #expect(isNoted)
  }
}
