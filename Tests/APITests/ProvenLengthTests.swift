import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Every username and password that can be chosen can be proven, however long it is to type.
@Suite("lengths of proven names and passwords")
struct ProvenLengthTests {
  private let names: Names

  init() throws { names = try Names() }

  /// Chooses a username and a password, proves them on every route that takes them, and returns what each route answered.
  private func answers(_ dashboard: Dashboard, _ username: String, _ password: String) throws -> [String] {
    let own = ["username": username, "password": password]
    let account = try dashboard.register(username, password)
    guard account.hasPrefix("acct_") else { return [account] }
    func call(_ body: () throws -> AccountID) throws -> String {
      let answer = try outcome(body)
      return answer == account ? "same" : answer
    }
    let session = try dashboard.session(username, password)
    let code = "abcdef"
    return [
      try call { try dashboard.call(CreateSession.self, posted: own, from: .trusted).accountid },
      try call {
        try dashboard.call(
          SetSessionVerified.self, query: ["sessionid": "\(session.sessionid)"], posted: own, as: session,
          from: .trusted
        ).accountid
      },
      try call {
        _ = try dashboard.call(
          CreateResetCode.self, query: ["accountid": account], posted: ["secret-code": code], as: session,
          from: .trusted)
        _ = try dashboard.call(
          ResetAccountPassword.self,
          posted: ["username": username, "new-password": password, "secret-code": code], from: .trusted)
        return session.accountid
      },
      try call {
        let again = try dashboard.session(username, password)
        return try dashboard.call(
          SetAccountPassword.self, query: ["accountid": account],
          posted: ["new-password": password, "password": password], as: again, from: .trusted
        ).accountid
      },
      try call {
        let again = try dashboard.session(username, password)
        return try dashboard.call(
          SetAccountUsername.self, query: ["accountid": account],
          posted: ["new-username": username, "password": password], as: again, from: .trusted
        ).accountid
      },
      try call {
        let again = try dashboard.session(username, password)
        _ = try dashboard.call(
          SetAccountDeleted.self, query: ["accountid": account], posted: ["password": password], as: again,
          from: .trusted)
        return try dashboard.call(ResetAccountDeleted.self, posted: own, from: .trusted).accountid
      },
    ]
  }

  static let usernames = [
    // Longer when prepared.
    "\u{95C}\u{93E}", "\u{130}a", "\u{FB1D}a",
    // Shorter when prepared, and as long.
    "  abc  ", "e\u{301}e\u{301}e\u{301}", "abc",
  ]
  static let passwords = [
    "\u{958}\u{959}\u{95A}\u{95B}", String(repeating: "\u{1D15E}", count: 4),
    String(repeating: "e\u{301}", count: 8), "12345678", String(repeating: "e\u{301}", count: 128),
  ]

  @Test("a username that could be chosen is proven on every route", arguments: usernames)
  func proven(username: String) throws {
    let all = try answers(names.open(), username, Names.password)
    // An own name is no new one.
    #expect(all == ["same", "same", "same", "same", "409 duplicate-username", "same"])
  }

  @Test("so is a password", arguments: passwords)
  func proven(password: String) throws {
    let all = try answers(names.open(), "ada", password)
    #expect(all == ["same", "same", "same", "same", "409 duplicate-username", "same"])
  }

  @Test(
    "a text that is too short in both forms is refused", arguments: ["ab", " a", "\u{95C}", "e\u{301}"])
  func short(username: String) throws {
    let dashboard = try names.open()
    #expect(try dashboard.register(username) == "400 invalid-username-length")
    let proof = try outcome {
      try dashboard.call(
        ResetAccountDeleted.self, posted: ["username": username, "password": Names.password], from: .trusted
      ).accountid
    }
    #expect(proof == "400 invalid-username-length")
    let reset = try outcome {
      _ = try dashboard.call(
        ResetAccountPassword.self,
        posted: ["username": username, "new-password": Names.password, "secret-code": "abcdef"],
        from: .trusted)
      return try #require(AccountID("acct_"))
    }
    #expect(reset == "400 invalid-username")
  }
}
