import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
import TestSupport
import Testing

/// Where a person is signed in: SESSION_DETAILS, `lastUsedAt` and `current`.
@Suite("details of sessions")
struct SessionDetailsTests {
  private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

  /// Signs in through a router, as a browser would.
  private func signIn(_ username: String, _ router: Router, userAgent: String = firefox) throws -> JSON {
    let variables = ["REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": userAgent]
    let answer = TestRequest.respond(
      router, "POST", "/api/user/create-session", variables,
      body: "username=\(username)&password=password+of+\(username)&remember=days")
    return try body(answer.text)
  }

  private func body(_ text: String) throws -> JSON {
    let body = try #require(text.split(separator: "\r\n\r\n").last)
    return try JSON(Array(body.utf8))
  }

  private func id(_ session: JSON) throws -> SessionID {
    try #require(session["sessionid"]?.string.flatMap { SessionID($0) })
  }

  private func get(_ path: String, as session: JSON, _ router: Router, _ more: [String: String] = [:])
    -> String
  {
    let (id, token) = (session["sessionid"]?.string ?? "", session["token"]?.string ?? "")
    let variables = more.merging(["HTTP_AUTHORIZATION": "Bearer \(id).\(token)"]) { $1 }
    return TestRequest.respond(router, "GET", path, variables).text
  }

  private func stored(_ id: SessionID, _ dashboard: Dashboard) throws -> Session? {
    try dashboard.services.store.read(dashboard.app().name) { try $0.record(id) }
  }

  @Test("every answer shows where a session signed in, and which one the call was made with")
  func shown() throws {
    let fixture = try Fixture()
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    _ = try fixture.signUp("owner")
    let (first, second) = (try signIn("owner", router), try signIn("owner", router, userAgent: "curl/8.0"))
    #expect(first["address"] == .string("192.0.2.7") && first["userAgent"] == .string(Self.firefox))
    #expect(first["lastUsedAt"] == first["createdAt"] && first["current"] == nil)
    let id = try #require(first["sessionid"]?.string)
    for path in [
      "/api/user/current-session", "/api/user/session?sessionid=\(id)",
      "/api/administrator/session?sessionid=\(id)",
    ] {
      let read = try body(get(path, as: first, router))
      #expect(
        read["address"] == .string("192.0.2.7") && read["userAgent"] == .string(Self.firefox), "\(path)")
      #expect(read["lastUsedAt"] == first["createdAt"] && read["current"] == .boolean(true), "\(path)")
      if path.contains("?") {
        let other = try body(get(path, as: second, router))
        #expect(other["userAgent"] == .string(Self.firefox) && other["current"] == nil, "\(path)")
      }
    }
    let account = try #require(first["accountid"]?.string)
    for path in ["/api/user/sessions?accountid=\(account)", "/api/administrator/sessions"] {
      let list = try body(get(path, as: second, router)).array ?? []
      #expect(list.map { $0["current"] } == [.boolean(true), nil, nil], "\(path)")
      #expect(list.map { $0["userAgent"]?.string } == ["curl/8.0", Self.firefox, nil], "\(path)")
      #expect(list.allSatisfy { $0["lastUsedAt"] != nil }, "\(path)")
    }
    // Verifying and ending answer with the same members.
    let bearer = "Bearer \(id).\(first["token"]?.string ?? "")"
    for (route, form) in [
      ("set-session-verified", "username=owner&password=password+of+owner"), ("set-session-ended", ""),
    ] {
      let answer = TestRequest.respond(
        router, "PATCH", "/api/user/\(route)?sessionid=\(id)",
        ["HTTP_AUTHORIZATION": bearer, "HTTP_USER_AGENT": "another"], body: form)
      let session = try body(answer.text)
      #expect(
        session["current"] == .boolean(true) && session["userAgent"] == .string(Self.firefox), "\(route)")
    }
  }

  @Test("the headers of a guarded application have no details")
  func guarded() throws {
    let fixture = try Fixture()
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    _ = try fixture.signUp("ada")
    let session = try signIn("ada", router)
    let answer = get(
      "/page", as: session, router, ["PATH_INFO": "/authorize", "DASHBOARD_REQUIRE": "session"])
    #expect(answer.contains("X-Session: {"))
    for part in ["192.0.2.7", "Firefox", "lastUsedAt", "current"] {
      #expect(!answer.contains(part), "\(part)")
    }
  }

  @Test("hostile user agents stay one text of at most 256 bytes")
  func hostile() throws {
    let fixture = try Fixture()
    let router = Router(fixture.dashboard, Routes.all) { _ in }
    _ = try fixture.signUp("ada")
    for (agent, shown) in [
      ("a\u{1B}[2Kb\u{85}c", "a[2Kbc"), ("\"},{\"\\", "\"},{\"\\"),
      (String(repeating: "é", count: 200), String(repeating: "é", count: 128)),
      ("<script>", "<script>"),
    ] {
      let session = try signIn("ada", router, userAgent: agent)
      #expect(session["userAgent"] == .string(shown))
      #expect(try body(get("/api/user/current-session", as: session, router))["userAgent"] == .string(shown))
    }
    #expect(try signIn("ada", router, userAgent: "")["userAgent"] == nil)
  }

  @Test("a check writes nothing: the last use is noted, and stored later, accurate to five minutes")
  func lastUse() throws {
    let fixture = try Fixture()
    let (dashboard, clock) = (fixture.dashboard, fixture.clock)
    let router = Router(dashboard, Routes.all) { _ in }
    _ = try fixture.signUp("ada")
    let session = try signIn("ada", router)
    let sessionid = try id(session)
    let start = clock.now()
    func use(after seconds: Int64) throws -> [Int64?] {
      clock.set(start.adding(seconds: seconds))
      _ = get("/api/user/current-session", as: session, router)
      let before = try stored(sessionid, dashboard)?.lastUse
      try dashboard.storeActivity()
      return [before, try stored(sessionid, dashboard)?.lastUse].map { time in
        time.map { ($0.milliseconds - start.milliseconds) / 1000 }
      }
    }
    #expect(try use(after: 299) == [0, 0])
    #expect(try use(after: 300) == [0, 300])
    #expect(try use(after: 599) == [300, 300])
    #expect(try use(after: 5000) == [300, 5000])
    let read = try body(get("/api/user/current-session", as: session, router))
    #expect(read["lastUsedAt"] == .string("\(start.adding(seconds: 5000))"))
    // Its other members did not change.
    #expect(read["updatedAt"] == session["updatedAt"] && read["userAgent"] == session["userAgent"])
  }

  @Test("a CGI process stores a use only if an hour has passed")
  func singleRequest() throws {
    let directory = try TemporaryDirectory()
    let clock = TestClock()
    let start = clock.now()
    func open() throws -> Dashboard {
      let settings = ["DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"]
      return try Dashboard(
        configuration: Configuration(cores: 1, environment: NamedValues(settings)), clock: clock,
        isSingleRequest: true)
    }
    let session: JSON
    do {
      let dashboard = try open()
      let form = ["username": "ada", "password": "password of ada"]
      _ = try dashboard.call(CreateAccount.self, posted: form)
      session = try signIn("ada", Router(dashboard, Routes.all) { _ in })
    }
    let sessionid = try id(session)
    for (seconds, last) in [(Int64(300), Int64(0)), (3599, 0), (3600, 3600), (7199, 3600)] {
      clock.set(start.adding(seconds: seconds))
      let dashboard = try open()
      _ = get("/api/user/current-session", as: session, Router(dashboard, Routes.all) { _ in })
      try dashboard.storeActivity()
      #expect(try stored(sessionid, dashboard)?.lastUse == start.adding(seconds: last))
    }
  }

  @Test("a library's check stores no use before an hour has passed, and the sweep stores it sooner")
  func library() throws {
    let fixture = try Fixture()
    let (dashboard, clock) = (fixture.dashboard, fixture.clock)
    _ = try fixture.signUp("ada")
    let form = ["username": "ada", "password": "password of ada", "remember": "days"]
    let session = try dashboard.call(
      CreateSession.self, posted: form, from: .address("192.0.2.9", userAgent: "an app"))
    #expect(session.address == "192.0.2.9" && session.userAgent == "an app")
    #expect(session.lastUsedAt == session.createdAt && !session.isCurrent)
    let bearer = try #require(session.bearer)
    func check(after seconds: Int64) throws -> Session? {
      clock.set(session.createdAt.adding(seconds: seconds))
      return try dashboard.session(bearer: bearer)
    }
    let checked = try #require(try check(after: 3599))
    #expect(checked.isCurrent && checked.userAgent == "an app")
    #expect(try stored(session.sessionid, dashboard)?.lastUse == session.createdAt)
    _ = try dashboard.sweep()
    #expect(try stored(session.sessionid, dashboard)?.lastUse == clock.now())
    _ = try check(after: 3599 + 3600)
    #expect(try stored(session.sessionid, dashboard)?.lastUse == clock.now())
    let list = try dashboard.call(Sessions.self, query: ["accountid": "\(session.accountid)"], as: session)
    #expect(list.map(\.isCurrent) == [true, false])
  }

  @Test("with SESSION_DETAILS=none nothing is kept or shown, and earlier details go at the next use")
  func none() throws {
    let directory = try TemporaryDirectory()
    let clock = TestClock()
    func open(_ details: String, idleTimeout: String = "0") throws -> Dashboard {
      try Dashboard(
        dataDirectory: directory.path("data"),
        settings: [
          "BCRYPT_WORKLOAD_FACTOR": "4", "SESSION_DETAILS": details, "SESSION_IDLE_TIMEOUT": idleTimeout,
        ], clock: clock)
    }
    let members = ["address", "userAgent", "lastUsedAt"]
    let earlier: JSON
    do {
      let dashboard = try open("full")
      _ = try dashboard.call(
        CreateAccount.self, posted: ["username": "ada", "password": "password of ada"])
      earlier = try signIn("ada", Router(dashboard, Routes.all) { _ in })
      #expect(members.allSatisfy { earlier[$0] != nil })
    }
    let dashboard = try open("none", idleTimeout: "1000")
    let router = Router(dashboard, Routes.all) { _ in }
    let session = try signIn("ada", router)
    let sessionid = try id(session)
    #expect(try stored(sessionid, dashboard)?.details == nil)
    clock.set(clock.now().adding(seconds: 400))
    for one in [session, earlier] {
      let read = try body(get("/api/user/current-session", as: one, router))
      #expect(members.allSatisfy { read[$0] == nil } && read["current"] == .boolean(true))
    }
    try dashboard.storeActivity()
    // The idle timeout needs the last use.
    #expect(try stored(sessionid, dashboard)?.lastUse == clock.now())
    let earlierID = try id(earlier)
    #expect(try stored(earlierID, dashboard)?.details == nil)
    let list = try body(
      get("/api/user/sessions?accountid=\(session["accountid"]?.string ?? "")", as: session, router))
    #expect(
      list.array?.count == 2 && (list.array ?? []).allSatisfy { one in members.allSatisfy { one[$0] == nil } }
    )
  }

  @Test("signing out everywhere else ends all sessions but the caller's, with one write")
  func othersEnded() throws {
    let log = Log()
    let fixture = try Fixture(eventLog: { log.add($0) })
    let dashboard = fixture.dashboard
    let here = try fixture.signUp("ada")
    let elsewhere = try (0..<3).map { _ in try fixture.signIn("ada") }
    let eve = try fixture.signUp("eve")
    fixture.clock.set(fixture.clock.now().adding(seconds: 60))
    log.clear()
    #expect(try dashboard.call(SetOtherSessionsEnded.self, as: here))
    #expect(log.lines.count == 1 && log.lines[0].contains(#""event":"other-sessions-ended""#))
    #expect(log.lines[0].contains("\(here.accountid)"))
    for session in elsewhere {
      #expect(throws: AccessRefusal.signInRequired) { try dashboard.call(CurrentSession.self, as: session) }
      let read = try dashboard.call(
        ReadSession.self, query: ["sessionid": "\(session.sessionid)"], as: here)
      #expect(read.ended && read.endedAt == fixture.clock.now())
    }
    #expect(try !dashboard.call(CurrentSession.self, as: here).ended)
    #expect(try !dashboard.call(CurrentSession.self, as: eve).ended)
    // Unlike reset-session-key, it leaves the session key.
    let account = try dashboard.call(
      ReadAccount.self, query: ["accountid": "\(here.accountid)"], as: here)
    #expect(account.sessionKeyNumber == 1 && account.sessionKeyLastResetAt == nil)
    #expect(try dashboard.call(SetOtherSessionsEnded.self, as: here))
    #expect(throws: AccessRefusal.signInRequired) { try dashboard.call(SetOtherSessionsEnded.self) }
    #expect(try dashboard.services.store.problems() == [])
  }
}
