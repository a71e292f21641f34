import DashboardEndpoints
import DashboardRouting
import DashboardRecords
import TestSupport
import Testing

/// Behaviour over time and between processes.
@Suite("time, restarts and several processes")
struct EnduranceTests {
  /// A clock that stands still.
  private struct FixedClock: TimeSource {
    let moment: Timestamp
    func now() -> Timestamp { moment }
  }

  @Test(
    "a session ends after exactly 20 minutes, 8 hours or 30 days",
    arguments: [("", 1200), ("hours", 28_800), ("days", 2_592_000)] as [(String, Int64)], Front.everywhere)
  func durations(remember: (name: String, seconds: Int64), front: Front) throws {
    let site = try Site(front)
    _ = try site.signUp("ada")
    /// A session that this process creates with a clock in the past.
    func session(secondsAgo: Int64) throws -> Site.User {
      let dashboard = try Dashboard(
        dataDirectory: site.data.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"],
        clock: FixedClock(moment: SystemClock().now().adding(seconds: -secondsAgo)))
      let session = try dashboard.call(
        CreateSession.self,
        posted: ["username": "ada", "password": "password of ada", "remember": remember.name])
      return Site.User(
        accountid: "\(session.accountid)", sessionid: "\(session.sessionid)", token: session.token ?? "")
    }
    let living = try session(secondsAgo: remember.seconds - 60)
    let expired = try session(secondsAgo: remember.seconds)
    #expect(try site.request("GET", "/api/user/current-session", as: living).status == 200)
    #expect(try site.request("GET", "/api/user/current-session", as: expired).status == 401)
    let read = try site.request("GET", "/api/user/session?sessionid=\(expired.sessionid)", as: living)
    #expect(try read.json["ended"] == .boolean(true))
    #expect(try read.json["endedAt"] == nil)
  }

  @Test("a restart keeps accounts, sessions and keys", arguments: Front.everywhere)
  func restart(front: Front) throws {
    let data = try TemporaryDirectory()
    let ada: Site.User
    do { ada = try Site(front, data: data).signUp("ada") }
    let site = try Site(front, data: data)
    #expect(try site.request("GET", "/api/user/current-session", as: ada).status == 200)
    _ = try site.signIn("ada")
    let count = try site.request("GET", "/api/user/sessions-count?accountid=\(ada.accountid)", as: ada)
    #expect(count.text == "2")
  }

  @Test("two processes on one data directory agree at once", arguments: Front.everywhere)
  func twoProcesses(front: Front) throws {
    let other = try Site(.fastcgi)
    let site = try Site(front, data: other.data)
    let dashboard = try Dashboard(
      dataDirectory: site.data.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
    let ada = try site.signUp("ada")
    #expect(try other.request("GET", "/api/user/current-session", as: ada).status == 200)
    let session = try dashboard.call(
      CreateSession.self, posted: ["username": "ada", "password": "password of ada"])
    let ended = try other.request("PATCH", "/api/user/set-current-session-ended", as: ada)
    #expect(ended.status == 200)
    #expect(try site.request("GET", "/api/user/current-session", as: ada).status == 401)
    #expect(try dashboard.call(SessionsCount.self, query: ["accountid": ada.accountid], as: session) == 2)
    #expect(throws: Exception.self) {
      try dashboard.call(SetSessionEnded.self, query: ["sessionid": ada.sessionid], as: session)
    }
  }

  @Test(
    "of 100 parallel registrations of one name through the web server one succeeds",
    arguments: Front.everywhere)
  func race(front: Front) throws {
    let site = try Site(front, settings: ["MAXIMUM_REGISTRATIONS": "1000000"])
    let answers = try Threads.run(front == .cgi ? 24 : 100) { _ in
      var answer: HTTPResponse
      repeat {
        answer = try site.request(
          "POST", "/api/user/create-account", form: ["username": "ada", "password": "12345678"])
        // A busy machine may refuse some for lack of room in the hashing queue.
      } while answer.status == 503
      return answer
    }
    #expect(answers.filter { $0.status == 200 }.count == 1)
    #expect(answers.filter { $0.status == 409 }.count == answers.count - 1)
  }
}
