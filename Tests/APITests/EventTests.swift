import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// The event log has one line of JSON for each event.
@Suite("the event log")
struct EventTests {
  private let log = Log()
  private let directory: TemporaryDirectory
  private let dashboard: Dashboard
  private let router: Router

  init() throws {
    directory = try TemporaryDirectory()
    let log = log
    dashboard = try Dashboard(
      dataDirectory: directory.path("data"),
      settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "MAXIMUM_ATTEMPTS": "2", "DELETE_DELAY": "0"],
      clock: TestClock(),
      eventLog: { log.add($0) })
    router = Router(dashboard, Routes.all, log: { _ in })
  }

  /// Events since the previous call: name, account, and the account that acted.
  private func events() throws -> [String] {
    defer { log.clear() }
    return try log.lines.map { line in
      let event = try JSON(Array(line.utf8))
      try expectKept(event)
      #expect(event["time"] == .string("2022-06-24T02:42:56.947Z"))
      #expect(event["app"] == .string("dashboard"))
      return [event["event"], event["account"], event["by"]].compactMap { $0?.string }.joined(separator: " ")
    }
  }

  /// Expects that the account of a logged event keeps one of the same name.
  private func expectKept(_ logged: JSON) throws {
    guard let id = logged["account"]?.string.flatMap({ AccountID($0) }) else { return }
    let kept: [AccountEvent]? = try dashboard.services.store.read(dashboard.app().name) { snapshot in
      guard let account = try snapshot.account(id) else { return nil }
      return try snapshot.records(of: account, limit: 1000)
    }
    if let kept { #expect(kept.contains { $0.name == logged["event"]?.string }, "\(logged) is not kept") }
  }

  private func signUp(_ username: String) throws -> Session {
    let form = ["username": username, "password": "password of \(username)"]
    _ = try dashboard.call(CreateAccount.self, posted: form)
    return try dashboard.call(CreateSession.self, posted: form)
  }

  @Test("a correct password is logged even when the request is refused")
  func proven() throws {
    let ada = try signUp("ada")
    _ = try events()
    let form = ["username": "ada", "password": "password of ada"]
    #expect(throws: Exception.self) { try dashboard.call(ResetAccountDeleted.self, posted: form) }
    #expect(try events() == ["password-right \(ada.accountid)"])
    _ = try dashboard.call(CreateSession.self, posted: form)
    #expect(try events() == ["signed-in \(ada.accountid)"])
  }

  @Test("of many refused attempts the first is logged")
  func lockedOnce() throws {
    let ada = try signUp("ada")
    _ = try events()
    for _ in 0..<6 {
      _ = TestRequest.respond(
        router, "POST", "/api/user/create-session", ["REMOTE_ADDR": "192.0.2.1"],
        body: "username=ada&password=wrong")
    }
    let (failed, locked) = ("sign-in-failed \(ada.accountid)", "too-many-attempts \(ada.accountid)")
    #expect(try events() == [failed, failed, locked])
  }

  @Test("every change in the life of two accounts is an event")
  func life() throws {
    let owner = try signUp("owner")
    let ada = try signUp("ada")
    let (o, a) = ("\(owner.accountid)", "\(ada.accountid)")
    #expect(
      try events() == ["account-created \(o)", "signed-in \(o)", "account-created \(a)", "signed-in \(a)"])
    let query = ["accountid": a]
    let password = ["password": "password of ada"]
    _ = try? dashboard.call(CreateSession.self, posted: ["username": "ada", "password": "wrong"])
    _ = try? dashboard.call(CreateSession.self, posted: ["username": "nobody", "password": "wrong"])
    #expect(try events() == ["sign-in-failed \(a)", "sign-in-failed"])
    _ = try dashboard.call(
      SetSessionVerified.self, query: ["sessionid": "\(ada.sessionid)"],
      posted: password.merging(["username": "ada"]) { $1 }, as: ada)
    _ = try dashboard.call(
      SetAccountUsername.self, query: query, posted: password.merging(["new-username": "bea"]) { $1 }, as: ada
    )
    _ = try dashboard.call(
      SetAccountPassword.self, query: query,
      posted: password.merging(["new-password": "password of ada"]) { $1 },
      as: ada)
    _ = try? dashboard.call(SetAccountDeleted.self, query: query, posted: ["password": "wrong"], as: ada)
    #expect(
      try events() == [
        "session-verified \(a)", "username-changed \(a)", "password-changed \(a)",
        "password-or-code-wrong \(a)",
      ])
    let code = ["secret-code": "abcdef"]
    let first = try dashboard.call(CreateResetCode.self, query: query, posted: code, as: ada)
    _ = try dashboard.call(DeleteResetCode.self, query: ["codeid": "\(first.codeid)"], as: ada)
    _ = try dashboard.call(Administrator.CreateResetCode.self, query: query, posted: code, as: owner)
    let reset = ["username": "bea", "new-password": "password of ada"].merging(code) { $1 }
    _ = try dashboard.call(ResetAccountPassword.self, posted: reset)
    _ = try? dashboard.call(ResetAccountPassword.self, posted: reset)
    #expect(
      try events() == [
        "reset-code-created \(a)", "reset-code-deleted \(a)", "reset-code-created \(a) \(o)",
        "reset-code-used \(a)",
        "password-or-code-wrong \(a)",
      ])
    _ = try dashboard.call(Administrator.SetAccountAdministrator.self, query: query, as: owner)
    _ = try dashboard.call(Administrator.ResetAccountAdministrator.self, query: query, as: owner)
    let again = try dashboard.call(
      CreateSession.self, posted: password.merging(["username": "bea"]) { $1 })
    _ = try dashboard.call(SetCurrentSessionEnded.self, as: again)
    #expect(
      try events() == [
        "administrator-set \(a) \(o)", "administrator-reset \(a) \(o)", "signed-in \(a)",
        "session-ended \(a)",
      ])
    _ = try dashboard.call(Administrator.SetAccountDeleted.self, query: query, as: owner)
    while try dashboard.sweep() {}
    #expect(try events() == ["deletion-scheduled \(a) \(o)", "account-deleted \(a)"])
  }

  @Test("an event has the client and the request ID, and too many attempts are an event")
  func request() throws {
    _ = try signUp("ada")
    log.clear()
    var names: [String] = []
    for _ in 0..<3 {
      let answer = TestRequest.respond(
        router, "POST", "/api/user/create-session", ["REMOTE_ADDR": "192.0.2.1"],
        body: "username=ada&password=wrong")
      let line = answer.text.split(separator: "\r\n").first { $0.hasPrefix("X-Request-Id: ") }
      names.append(String(try #require(line).dropFirst(14)))
    }
    let lines = try log.lines.map { try JSON(Array($0.utf8)) }
    #expect(lines.map { $0["event"]?.string } == ["sign-in-failed", "sign-in-failed", "too-many-attempts"])
    #expect(lines.map { $0["request"]?.string } == names)
    // A request ID is a random part of the process, and the number of the request.
    let parts = names.map { $0.split(separator: "-") }
    #expect(parts.allSatisfy { $0.count == 2 && $0[0].utf8.count == 12 && $0[0] == parts[0][0] })
    #expect(parts.map { $0.last.flatMap { Int($0) } } == [1, 2, 3])
    #expect(lines.allSatisfy { $0["client"] == .string("192.0.2.1") })
  }

  @Test("input is never in a line, and makes no second line")
  func forgery() throws {
    var random = SeededRandom(seed: 16)
    let hostile = ["\n", "\r\n", "\u{2028}", "\"", "\\", "{}", "%0A", "\u{1B}[2K", "\u{85}", "a"]
    for _ in 0..<200 {
      let text = (0..<6).map { _ in hostile.randomElement(using: &random) ?? "" }.joined()
      let encoded = text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      _ = TestRequest.respond(
        router, "POST", "/api/user/create-session", ["REMOTE_ADDR": text, "HTTP_USER_AGENT": text],
        body: "username=name\(encoded)&password=secret\(encoded)")
    }
    #expect(log.lines.count == 200)
    for line in log.lines {
      _ = try JSON(Array(line.utf8))
      #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 })
      #expect(!line.contains("secret") && !line.contains("name\\"))
    }
  }

  @Test("LOG_LEVEL=info logs a line of JSON for each request, without its query")
  func requestLog() throws {
    let lines = Log()
    let router = Router(dashboard, Routes.all, requestLog: { lines.add($0) }, log: { _ in })
    _ = TestRequest.respond(router, "GET", "/api/settings?name=ada", ["REMOTE_ADDR": "192.0.2.1"])
    _ = TestRequest.respond(router, "GET", "/\n\"\u{9B}31m\u{7F}é", [:])
    #expect(lines.lines.count == 2)
    let first = try JSON(Array(lines.lines[0].utf8))
    #expect(first.names == ["time", "request", "client", "method", "path", "status", "microseconds"])
    #expect(first["path"] == .string("/api/settings"))
    #expect(first["status"] == .number(200))
    #expect(try JSON(Array(lines.lines[1].utf8))["path"] == .string("/\n\"\u{9B}31m\u{7F}é"))
    // Only a request that hashes says how long it waited for that, and how long it took.
    _ = TestRequest.respond(router, "POST", "/api/user/create-session", body: "username=ada&password=wrong")
    let hashing = try JSON(Array(lines.lines[2].utf8))
    #expect(
      hashing.names == first.names.filter { $0 != "client" } + [
        "hashingWaitMicroseconds", "hashingMicroseconds",
      ])
    #expect(hashing["hashingMicroseconds"]?.number.map { $0 > 0 } == true)
    // A refusal before the hash has waited only.
    _ = TestRequest.respond(router, "POST", "/api/user/create-session", body: "username=ada")
    let refused = try JSON(Array(lines.lines[3].utf8))
    #expect(refused.names.last == "hashingWaitMicroseconds")
    // A terminal must not read control characters.
    #expect(lines.lines.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
  }
}
