import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// Several people take, change and prove one name at once.
@Suite("races for a name")
struct NameRaceTests {
  private let names: Names

  init() throws { names = try Names() }

  private let spellings = [
    "zoë", "Zoë", "ZOE\u{308}", " zoe\u{308} ", "ｚｏë", "zoë\u{A0}", "ｚＯe\u{308}", "zOË",
  ]

  private func count(_ dashboard: Dashboard) throws -> Int {
    try dashboard.services.store.read(dashboard.app().name) { try $0.count(.all) }
  }

  @Test("of many sign-ups at once, each in a spelling of its own, one gets the name")
  func signUps() throws {
    let (dashboard, spellings) = (try names.open(), spellings)
    let outcomes = try Threads.run(24) { try dashboard.register(spellings[$0 % spellings.count]) }
    #expect(outcomes.filter { $0.hasPrefix("acct_") }.count == 1)
    #expect(outcomes.filter { $0 == "409 duplicate-username" }.count == 23)
    #expect(try Set(spellings.map { try dashboard.signIn($0) }).count == 1)
    #expect(try count(dashboard) == 1)
  }

  @Test("of sign-ups and renames at once, each in a spelling of its own, one gets the name")
  func renames() throws {
    let (dashboard, spellings) = (try names.open(), spellings)
    let sessions = try (0..<8).map { number in
      _ = try dashboard.register("user \(number)")
      return try dashboard.session("user \(number)")
    }
    let outcomes = try Threads.run(16) { index in
      let name = spellings[index / 2]
      return try index % 2 == 0 ? dashboard.register(name) : dashboard.rename(sessions[index / 2], to: name)
    }
    let winners = outcomes.filter { $0.hasPrefix("acct_") }
    #expect(winners.count == 1)
    #expect(outcomes.filter { $0 == "409 duplicate-username" }.count == 15)
    let found = try spellings.map { try dashboard.signIn($0) }
    #expect(Set(found) == Set(winners))
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("a sign-in that moves an account, and a sign-up of its prepared form at once, make no shared name")
  func moves() throws {
    let rounds = 0..<20
    let accounts = try {
      let old = try names.open(Names.exact)
      return try rounds.map { try old.register("Ada \($0)") }
    }()
    let dashboard = try names.open(keys: .firstAndNext)
    for round in rounds {
      let outcomes = try Threads.run(4) { index in
        try index < 2 ? dashboard.signIn("Ada \(round)") : dashboard.register("ada \(round)", "another one")
      }
      #expect(outcomes[..<2].allSatisfy { $0 == accounts[round] })
      let new = outcomes[2...].filter { $0 != "409 duplicate-username" }
      #expect(new.count <= 1)
      // Each finds the own account by what was chosen. The prepared form is one account's alone.
      #expect(try dashboard.signIn("Ada \(round)") == accounts[round])
      let holder = new.first ?? accounts[round]
      #expect(
        try dashboard.signIn("ada \(round)", new.isEmpty ? Names.password : "another one") == holder)
    }
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("of two accounts from before that sign in at once, one moves, and both go on")
  func twoMoves() throws {
    let accounts = try {
      let old = try names.open(Names.exact)
      return try ["Both", "BOTH"].map { try old.register($0) }
    }()
    let dashboard = try names.open()
    let outcomes = try Threads.run(8) { try dashboard.signIn($0 % 2 == 0 ? "Both" : "BOTH") }
    #expect(outcomes == (0..<8).map { accounts[$0 % 2] })
    let holder = try dashboard.signIn("both")
    #expect(accounts.contains(holder))
    #expect(try ["Both", "BOTH"].map { try dashboard.signIn($0) } == accounts)
    #expect(try dashboard.services.store.problems() == [])
  }

  // MARK: Between a check and its transaction

  @Test("a sign-up that comes between keeps the prepared form, and the sign-in its account")
  func signUpBetween() throws {
    let old = try names.open(Names.exact).register("Ada")
    let random = InterruptibleRandom()
    let dashboard = try names.open(random: random)
    random.interrupt { try #expect(dashboard.register("ada").hasPrefix("acct_")) }
    #expect(try dashboard.signIn("Ada") == old)
    #expect(try dashboard.signIn("Ada") == old)
    #expect(try dashboard.signIn("ada") != old)
  }

  @Test("a sign-in that comes between takes the prepared form from a sign-up")
  func moveBetween() throws {
    let old = try names.open(Names.exact).register("Ada")
    let random = InterruptibleRandom()
    let dashboard = try names.open(random: random)
    random.interrupt { try #expect(dashboard.signIn("Ada") == old) }
    #expect(try dashboard.register("ada") == "409 duplicate-username")
    #expect(try dashboard.signIn("ada") == old)
  }

  @Test("a person changes the password while another sign-in moves the account")
  func moveDuringOwnChange() throws {
    let session = try {
      let old = try names.open(Names.exact)
      _ = try old.register("Ada")
      return try old.session("Ada")
    }()
    let random = InterruptibleRandom()
    let dashboard = try names.open(random: random)
    random.interrupt { _ = try dashboard.signIn("Ada") }
    let changed = try outcome {
      try dashboard.call(
        SetAccountPassword.self, query: ["accountid": "\(session.accountid)"],
        posted: ["new-password": "another password", "password": Names.password], as: session, from: .trusted
      ).accountid
    }
    #expect(changed == "\(session.accountid)")
    #expect(try dashboard.signIn("ada", "another password") == changed)
  }

  @Test("a sign-in and a reset go on while another sign-in moves the account")
  func moveDuringSignIn() throws {
    let session = try {
      let old = try names.open(Names.exact)
      _ = try old.register("Ada")
      let session = try old.session("Ada")
      _ = try old.call(
        CreateResetCode.self, query: ["accountid": "\(session.accountid)"], posted: ["secret-code": "abcdef"],
        as: session)
      return session
    }()
    let random = InterruptibleRandom()
    let dashboard = try names.open(keys: .firstAndNext, random: random)
    random.interrupt { _ = try dashboard.signIn("Ada") }
    _ = try dashboard.call(
      ResetAccountPassword.self,
      posted: ["username": "Ada", "new-password": "another password", "secret-code": "abcdef"], from: .trusted
    )
    random.interrupt { _ = try dashboard.signIn("Ada", "another password") }
    #expect(try dashboard.signIn("Ada", "another password") == "\(session.accountid)")
  }

  @Test("a sign-in with a name that is given up meanwhile is refused, in any spelling")
  func renameBetween() throws {
    let random = InterruptibleRandom()
    let dashboard = try names.open(random: random)
    _ = try dashboard.register("ada")
    for (name, next) in [("Ada", "grace"), ("ｇrace", "Max"), ("max ", "eve")] {
      let session = try dashboard.session(name)
      random.interrupt { _ = try dashboard.rename(session, to: next) }
      #expect(try dashboard.signIn(name) == "401 invalid-password")
    }
  }
}
