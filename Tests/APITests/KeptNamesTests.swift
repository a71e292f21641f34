import DashboardEndpoints
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// The people of a data file from before prepared forms sign in with what they type.
@Suite("names and passwords of older programs")
struct KeptNamesTests {
  private let kept: KeptData

  init() throws { kept = try KeptData.names() }

  /// A person who is alone with a name, however it is spelled.
  private struct Person {
    let account: String
    let chosen: String
    /// Further spellings of the chosen name.
    let spellings: [String]
  }

  private static let people = [
    Person(account: "owner", chosen: "owner", spellings: ["Owner", "OWNER "]),
    Person(account: "max", chosen: "Max", spellings: ["max", "MAX", "Ｍａｘ"]),
    Person(account: "eve", chosen: "Eve ", spellings: ["eve", "Eve", " EVE"]),
    Person(account: "wide", chosen: "ＷＩＤＥ", spellings: ["wide", "Wide", "ｗｉｄｅ"]),
    Person(account: "kana", chosen: "ﾊﾟﾅ", spellings: ["パナ", "ハ\u{309A}ナ"]),
    Person(account: "ipek", chosen: "İpek", spellings: ["i\u{307}pek", "İPEK", "I\u{307}pek"]),
    Person(account: "odysseus", chosen: "ΟΔΥΣΣΕΥΣ", spellings: ["οδυσσευς", "Οδυσσευσ"]),
    Person(account: "strasse", chosen: "Strasse", spellings: ["strasse", "STRASSE"]),
    Person(account: "sharp", chosen: "Straße", spellings: ["straße", "STRAẞE"]),
    Person(account: "spaces", chosen: "Grace  Hopper", spellings: ["grace hopper", "GRACE\u{A0}HOPPER"]),
  ]

  @Test("people who are alone with a name sign in as typed, and then in every spelling")
  func alone() throws {
    // The three characters of a name in half width are two in its prepared form.
    let dashboard = try kept.open(["MINIMUM_USERNAME_LENGTH": "2"])
    #expect(try dashboard.services.store.problems() == [])
    for person in Self.people {
      let (id, password) = (try kept.account(person.account), "password of \(person.account)")
      if person.account != "owner" {
        // Nothing shows the account before it has moved.
        for name in person.spellings {
          #expect(try dashboard.signIn(name, password) == "401 invalid-username", "\(name)")
        }
      }
      for name in [person.chosen] + person.spellings + [person.chosen] {
        #expect(try dashboard.signIn(name, password) == id, "\(name)")
      }
      for name in [person.chosen] + person.spellings {
        #expect(try dashboard.register(name) == "409 duplicate-username", "\(name)")
      }
    }
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test(
    "two accounts of one name go on under the bytes as typed, whoever signs in first",
    arguments: [
      [("ada", "ada"), ("Ada", "Ada")], [("Ada", "Ada"), ("ada", "ada")],
      [("Both", "Both"), ("BOTH", "BOTH")], [("BOTH", "BOTH"), ("Both", "Both")],
      [("jose-nfc", "Jos\u{E9}"), ("jose-nfd", "Jose\u{301}")],
      [("jose-nfd", "Jose\u{301}"), ("jose-nfc", "Jos\u{E9}")],
    ])
  func together(pair: [(account: String, name: String)]) throws {
    let dashboard = try kept.open()
    let ids = try pair.map { try kept.account($0.account) }
    for _ in 0..<2 {
      for (index, (account, name)) in pair.enumerated() {
        #expect(try dashboard.signIn(name, "password of \(account)") == ids[index])
        // Exactly one account is tried.
        #expect(
          try dashboard.signIn(name, "password of \(pair[1 - index].account)") == "401 invalid-password")
        #expect(try dashboard.register(name) == "409 duplicate-username")
      }
    }
    // `ada` is a prepared form from the beginning. In other pairs the first one to sign in has it.
    let holder = pair.contains { $0.name == "ada" } ? "ada" : pair[0].account
    let spelling = pair[0].account.hasPrefix("jose") ? " josé" : pair[0].name.lowercased() + " "
    #expect(try dashboard.signIn(spelling, "password of \(holder)") == kept.account(holder))
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("a name that may no longer be chosen is found as typed, and by no other spelling")
  func hidden() throws {
    let dashboard = try kept.open()
    for (account, name, prepared) in [
      ("line", "line\n", "line"), ("zero", "ze\u{200B}ro", "zero"),
    ] {
      for _ in 0..<2 {
        #expect(try dashboard.signIn(name, "password of \(account)") == kept.account(account))
        #expect(try dashboard.signIn(prepared, "password of \(account)") == "401 invalid-username")
      }
      #expect(try dashboard.register(name) == "400 invalid-username")
      let another = try dashboard.register(prepared)
      #expect(try dashboard.signIn(prepared) == another)
      #expect(try dashboard.signIn(name, "password of \(account)") == kept.account(account))
      // Its owner takes a name that may be chosen.
      let session = try dashboard.session(name, "password of \(account)")
      let renamed = try dashboard.rename(session, to: "New \(account)", "password of \(account)")
      #expect(renamed == "\(session.accountid)")
      #expect(try dashboard.signIn("new \(account)", "password of \(account)") == renamed)
    }
  }

  @Test("a password of other bytes matches as it was typed, and after that in every form")
  func passwords() throws {
    let dashboard = try kept.open()
    for (name, typed, others, wrong) in [
      ("zoe", "Zoe\u{308}s passwort", ["Zo\u{EB}s passwort"], "Zoes passwort"),
      ("ben", "open\u{A0}sesame!", ["open sesame!", "open\u{3000}sesame!"], "opensesame!"),
      ("tab", "with\ta tab", [], "with a tab"),
    ] {
      for other in others { #expect(try dashboard.signIn(name, other) == "401 invalid-password") }
      for password in [typed] + others + [typed] {
        #expect(try dashboard.signIn(name, password) == kept.account(name), "\(password)")
      }
      #expect(try dashboard.signIn(name, wrong) == "401 invalid-password")
    }
  }

  @Test("sessions go on, and reset codes and scheduled deletions are found by the name as typed")
  func routes() throws {
    let dashboard = try kept.open()
    let router = Router(dashboard, Routes.all) { _ in }
    for name in ["owner", "Ada", "lost"] { #expect(try kept.check(name, router) == 200) }
    #expect(try kept.check("leaving", router) == 401)
    func reset(_ name: String) throws -> Int {
      TestRequest.respond(
        router, "PATCH", "/api/user/reset-account-password",
        body: "username=\(name)&new-password=another+one&secret-code=LostAndFound1"
      ).status
    }
    #expect(try ["lost", "Lost", "Lost"].map(reset) == [401, 200, 401])
    #expect(
      try ["Lost", "lost"].map { try dashboard.signIn($0, "another one") } == [
        kept.account("lost"), kept.account("lost"),
      ])
    func cancel(_ name: String) throws -> Int {
      TestRequest.respond(
        router, "PATCH", "/api/user/reset-account-deleted",
        body: "username=\(name)&password=password+of+leaving"
      ).status
    }
    #expect(try ["leaving", "Leaving"].map(cancel) == [401, 200])
    #expect(
      try ["Leaving", "LEAVING"].map { try dashboard.signIn($0, "password of leaving") }
        == [kept.account("leaving"), kept.account("leaving")])
  }

  @Test("new keys at the same upgrade lose no account either")
  func keys() throws {
    let keys = ["DASHBOARD_ENCRYPTION_KEY": "next encryption", "DASHBOARD_SESSION_KEY": "next session"]
    do {
      let dashboard = try kept.open(
        keys + [
          "DASHBOARD_ENCRYPTION_KEY_PREVIOUS": "encryption", "DASHBOARD_SESSION_KEY_PREVIOUS": "session",
        ])
      for person in Self.people {
        #expect(
          try dashboard.signIn(person.chosen, "password of \(person.account)") == kept.account(person.account)
        )
      }
      for name in ["Ada", "ada"] {
        #expect(try dashboard.signIn(name, "password of \(name)") == kept.account(name))
      }
    }
    let dashboard = try kept.open(keys)
    for person in Self.people {
      for name in person.spellings {
        #expect(
          try dashboard.signIn(name, "password of \(person.account)") == kept.account(person.account),
          "\(name)")
      }
    }
    for name in ["Ada", "ada"] {
      #expect(try dashboard.signIn(name, "password of \(name)") == kept.account(name))
    }
    #expect(try dashboard.services.store.problems() == [])
  }
}
