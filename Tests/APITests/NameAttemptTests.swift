import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// What attempts with any spelling of a name cost, and what they tell.
@Suite("attempts with names and passwords in any spelling")
struct NameAttemptTests {
  private let names: Names

  init() throws { names = try Names() }

  @Test("an unknown name is counted under its prepared form, however it is typed")
  func attempts() throws {
    let dashboard = try names.open(["MAXIMUM_ATTEMPTS": "3"])
    let spellings = ["eve", "Eve", "EVE ", "ｅｖｅ", " eve", "eve\n"]
    let codes = try spellings.map { try dashboard.signIn($0, from: .address("192.0.2.1")) }
    #expect(codes[..<3].allSatisfy { $0 == "401 invalid-username" })
    #expect(codes[3...].allSatisfy { $0 == "429 too-many-attempts" })
  }

  /// An ill-formed spelling must not have a counter of its own if an account has its prepared form.
  @Test(
    "with CONCEAL_ACCOUNTS the counts of attempts in several spellings don't tell whether a name exists",
    arguments: ["create-session", "reset-account-deleted", "reset-account-password"])
  func counts(route: String) throws {
    let dashboard = try names.open(["MAXIMUM_ATTEMPTS": "3", "CONCEAL_ACCOUNTS": "true"])
    _ = try dashboard.register("ada")
    let router = Router(dashboard, Routes.all) { _ in }
    func statuses(_ spellings: [String], from address: String) -> [Int] {
      spellings.map { name in
        let name = name.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return TestRequest.respond(
          router, route == "create-session" ? "POST" : "PATCH", "/api/user/\(route)",
          ["REMOTE_ADDR": address],
          body: "username=\(name)&password=wrong+one&new-password=another+one&secret-code=wrong1"
        ).status
      }
    }
    for (number, first) in ["\u{200B}", "\n", " ", ""].enumerated() {
      let known = statuses(
        Array(repeating: "ada\(first)", count: 3) + ["ada", "Ada", "ＡＤＡ"], from: "192.0.2.\(number)")
      let unknown = statuses(
        Array(repeating: "eve\(first)", count: 3) + ["eve", "Eve", "ＥＶＥ"], from: "192.0.2.\(number)")
      #expect(known == unknown, "\(first.utf8)")
      #expect(first == "\u{200B}" || known == [401, 401, 401, 429, 429, 429], "\(first.utf8)")
    }
  }

  // MARK: Time

  private func wrongPassword(_ name: String, _ password: String, _ dashboard: Dashboard) {
    let outcome = try? dashboard.signIn(name, password)
    #expect(outcome?.hasPrefix("401") == true)
  }

  @Test(
    "an unknown name, its prepared form and one from before cost equal work, with every form of a wrong password",
    arguments: ["wrong password", "wrong passw\u{F6}rd", "wrong passwo\u{308}rd"])
  func equalWork(password: String) throws {
    let cost = ["BCRYPT_WORKLOAD_FACTOR": "8"]
    do {
      let old = try names.open(Names.exact + cost)
      for name in ["Max", "Old"] { _ = try old.register(name) }
    }
    let dashboard = try names.open(cost)
    #expect(try dashboard.signIn("Max").hasPrefix("acct_"))
    _ = try dashboard.register("ada")
    for name in ["ada", "Ada", "max", "Old", "old", "Eve", "ada\n"] {
      let ratio = workRatio(within: 0.75..<1.33) {
        wrongPassword(name, password, dashboard)
      } to: {
        wrongPassword("eve", password, dashboard)
      }
      #expect((0.75..<1.33).contains(ratio), "\(name)")
    }
  }

  @Test("a wrong password is hashed once for each of at most two forms and each key in use, known or not")
  func hashes() throws {
    do { _ = try names.open(["BCRYPT_WORKLOAD_FACTOR": "8"]).register("ada") }
    let dashboard = try names.open(["BCRYPT_WORKLOAD_FACTOR": "8"], keys: .firstAndNext)
    let secrets = Secrets(encryption: "one", session: "two")
    for name in ["ada", "Ada", "eve", "Eve"] {
      for (password, count) in [("wrong password", 2.0), ("wrong passwo\u{308}rd", 4)] {
        let expected = count * 0.8..<count * 1.25
        let ratio = workRatio(within: expected) {
          wrongPassword(name, password, dashboard)
        } to: {
          _ = PasswordHash.unmatchable(.bcrypt(cost: 8)).matches("".utf8, secrets: secrets)
        }
        #expect(expected.contains(ratio), "\(name) \(password)")
      }
    }
  }
}
