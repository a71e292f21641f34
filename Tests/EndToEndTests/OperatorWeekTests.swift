import Glibc
import Synchronization
import TestSupport
import Testing

/// The week of an operator, on a server that people use meanwhile.
@Suite("an operator's week")
struct OperatorWeekTests {
  private static let token = [("Authorization", "Bearer a-token-of-metrics")]

  private let data: TemporaryDirectory
  private let backups: TemporaryDirectory
  private let site: Site
  private let grace: Operator

  init() throws {
    data = try TemporaryDirectory()
    backups = try TemporaryDirectory()
    let settings = [
      "METRICS_TOKEN": "a-token-of-metrics", "KEEP_USERNAMES": "true", "MAXIMUM_REGISTRATIONS": "1000000",
    ]
    site = try Site(.fastcgi, settings: settings, data: data)
    grace = Operator(of: site, settings: settings)
  }

  /// The value of a metric in a scrape; `nil` if it is not there.
  ///
  /// - Parameter name: with its labels.
  private func metric(_ name: String) throws -> Double? {
    let scrape = try site.request("GET", "/metrics", headers: Self.token)
    #expect(scrape.status == 200)
    return scrape.text.split(separator: "\n").first { $0.hasPrefix("\(name) ") }.flatMap {
      Double($0.dropFirst(name.utf8.count + 1))
    }
  }

  /// Runs `body` while people register and sign in.
  ///
  /// - Returns: the names of the accounts that were answered.
  private func underLoad(_ prefix: String, _ body: @escaping @Sendable () throws -> Void) throws -> [String] {
    let isDone = Atomic(false)
    let names = Mutex<[String]>([])
    _ = try Threads.run(3) { thread in
      if thread == 0 {
        defer { isDone.store(true, ordering: .releasing) }
        // The load has begun.
        guard eventually({ names.withLock { $0.count } >= 6 }) else { throw TestFailure("no load") }
        return try body()
      }
      var number = 0
      while !isDone.load(ordering: .acquiring) {
        let name = "\(prefix) \(thread) \(number)"
        let user = try site.signUp(name)
        #expect(try site.request("GET", "/api/user/current-session", as: user).status == 200)
        names.withLock { $0.append(name) }
        number += 1
      }
    }
    return names.withLock { $0 }
  }

  @Test("set up, help, suspend, watch, back up, break, see it, restore: nothing is lost")
  func week() throws {
    // Monday: the owner.
    _ = try grace.text("account", "create", "ada", "--password-stdin", input: "password of ada\n")
    _ = try site.signIn("ada")

    let early = try underLoad("early") {
      // Tuesday: a person who forgot the password gets in again.
      let bob = try site.signUp("bob")
      let code = try #require(try grace.answer("reset-code", "create", "bob")["secretCode"]?.string)
      let form: KeyValuePairs = ["username": "bob", "secret-code": code, "new-password": "a new password"]
      #expect(try site.request("PATCH", "/api/user/reset-account-password", form: form).status == 200)
      _ = try site.signIn("bob", password: "a new password")
      #expect(try site.request("GET", "/api/user/current-session", as: bob).status == 401)

      // Wednesday: a person to keep out.
      let mallory = try site.signUp("mallory")
      _ = try grace.text("account", "suspend", "mallory", "--reason", "sold the list")
      #expect(try site.request("GET", "/api/user/current-session", as: mallory).status == 401)

      // Thursday: a slow day.
      let before = try #require(try metric(#"dashboard_events_total{event="sign-in-failed"}"#))
      for _ in 0..<3 {
        _ = try site.request("POST", "/api/user/create-session", form: ["username": "ada", "password": "no"])
      }
      #expect(try metric(#"dashboard_events_total{event="sign-in-failed"}"#) ?? 0 >= before + 3)
      #expect(try metric("dashboard_hashing_duration_seconds_count") ?? 0 > 0)
      #expect(try site.request("GET", "/healthz", headers: Self.token).text == "ok\n")
    }

    // Friday: a backup under load, and a look at it.
    let late = try underLoad("late") {
      _ = try grace.text("backup", backups.path("friday"))
      #expect(try grace.run(["verify", backups.path("friday")]).status == 0)
      #expect(try grace.answer("check").array?.isEmpty == true)
    }

    // Saturday: the disk breaks the data file.
    let file = data.path("data/data.mdb")
    try Files.write(Array(Files.read(file).prefix(3 * DamagedData.pageSize)), to: "\(file).broken")
    #expect(rename("\(file).broken", file) == 0)
    let isSeen = try eventually {
      try metric(#"dashboard_condition{condition="data-missing"}"#) == 1
        && site.request("GET", "/healthz", headers: Self.token).status == 503
    }
    #expect(isSeen)
    #expect(try site.request("POST", "/api/user/create-session").status != 200)
    #expect(try grace.run(["check"]).status == 1)
    let doctor = try grace.run(["doctor", "--backups", backups.path])
    #expect(doctor.status == 1 && doctor.output.contains("MEND  data: "))
    try grace.expectRefusal(
      ["account", "list"], 78,
      "\(data.path("data")): data.mdb was cut short or is damaged; restore it from a backup")

    // Sunday: back again.
    let process = try #require(site.responder).process
    #expect(try grace.run(["restore", backups.path("friday")]).status != 0, "the place is in use")
    process.signal(SIGTERM)
    _ = process.wait()
    #expect(rename(data.path("data"), data.path("broken")) == 0)
    #expect(try grace.run(["restore", backups.path("friday")]).status == 0)
    let restored = try Site(.fastcgi, settings: grace.settings, data: data)
    #expect(try grace.answer("check").array?.isEmpty == true)
    _ = try restored.signIn("ada")
    _ = try restored.signIn("bob", password: "a new password")
    for name in early { _ = try restored.signIn(name) }
    #expect(throws: Site.Unexpected.self) { try restored.signIn("mallory") }
    #expect(!late.isEmpty)
  }
}
