import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Accounts of programs that compared the bytes of usernames.
@Suite("usernames from before prepared forms")
struct FormerNameTests {
  private let names: Names

  init() throws { names = try Names() }

  @Test("an account from before is found as typed, and moves to the prepared form at its next sign-in")
  func moving() throws {
    var accounts: [String: String] = [:]
    do {
      let old = try names.open(Names.exact)
      for name in ["Ada", "José", "Jose\u{301}", "Max", "max", " spaced ", "   ", "    "] {
        accounts[name] = try old.register(name)
      }
    }
    let dashboard = try names.open()
    #expect(try dashboard.signIn("ada") == "401 invalid-username")
    #expect(try dashboard.signIn("Ada") == accounts["Ada"])
    for name in ["ada", "ADA", "Ada"] { #expect(try dashboard.signIn(name) == accounts["Ada"]) }
    #expect(try dashboard.signIn(" spaced ") == accounts[" spaced "])
    #expect(try dashboard.signIn("spaced") == accounts[" spaced "])
    // Two spellings of one name: the first to sign in moves, and both go on.
    #expect(accounts["José"] == accounts["Jose\u{301}"], "Swift takes them for one key")
    // A name that another account has is not taken.
    #expect(try dashboard.signIn("Max") == accounts["Max"])
    #expect(try dashboard.signIn("max") == accounts["max"])
    #expect(try dashboard.signIn("MAX") == accounts["max"])
    #expect(try dashboard.signIn("Max") == accounts["Max"])
    #expect(try dashboard.register("Max") == "409 duplicate-username")
    #expect(try dashboard.register("MAX") == "409 duplicate-username")
    // Names of spaces alone have an empty prepared form.
    for _ in 0..<2 {
      for name in ["   ", "    "] { #expect(try dashboard.signIn(name) == accounts[name]) }
      #expect(try dashboard.signIn("") == "400 invalid-username")
    }
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("two spellings of one name from before stay two accounts")
  func spellings() throws {
    let (composed, decomposed) = ("jos\u{E9}", "jose\u{301}")
    let (first, second) = try {
      let old = try names.open(Names.exact)
      return (try old.register(composed), try old.register(decomposed))
    }()
    #expect(first != second && second.hasPrefix("acct_"))
    let dashboard = try names.open()
    for _ in 0..<2 {
      #expect(try dashboard.signIn(decomposed) == second)
      #expect(try dashboard.signIn(composed) == first)
      #expect(try dashboard.signIn("JOSÉ") == first)
    }
  }

  /// An account of the bytes `Ada` that has not moved is not found by `ada`. This can't be seen in its hash.
  @Test("a new account may take the prepared form of one from before, which keeps its own spelling")
  func takenMeanwhile() throws {
    let old = try names.open(Names.exact).register("Ada")
    let dashboard = try names.open()
    #expect(try dashboard.register("Ada") == "409 duplicate-username")
    let new = try dashboard.register("ada", "another password")
    #expect(new.hasPrefix("acct_"))
    // Exactly one account is tried.
    #expect(try dashboard.signIn("Ada", "another password") == "401 invalid-password")
    #expect(try dashboard.signIn("ada") == "401 invalid-password")
    for _ in 0..<2 {
      #expect(try dashboard.signIn("Ada") == old)
      #expect(try dashboard.signIn("ada", "another password") == new)
      #expect(try dashboard.signIn("ADA", "another password") == new)
    }
  }

  @Test("no route takes an account from before for the one with its prepared form")
  func routes() throws {
    let others = "another password"
    do { _ = try names.open(Names.exact).register("Ada") }
    let dashboard = try names.open()
    _ = try dashboard.register("ada", others)
    let (old, new) = (try dashboard.session("Ada"), try dashboard.session("ada", others))
    // Each session is verified with its own spelling and password only.
    func verify(_ session: Session, _ name: String, _ password: String) throws -> String {
      try outcome {
        try dashboard.call(
          SetSessionVerified.self, query: ["sessionid": "\(session.sessionid)"],
          posted: ["username": name, "password": password], as: session, from: .trusted
        ).accountid
      }
    }
    #expect(try verify(old, "Ada", Names.password) == "\(old.accountid)")
    #expect(try verify(old, "ada", Names.password) == "401 invalid-username")
    #expect(try verify(new, "ADA", others) == "\(new.accountid)")
    #expect(try verify(new, "Ada", others) == "401 invalid-username")
    // A code resets its own account alone.
    func reset(_ name: String, _ code: String) throws -> String {
      try outcome {
        _ = try dashboard.call(
          ResetAccountPassword.self,
          posted: ["username": name, "new-password": Names.password, "secret-code": code], from: .trusted)
        return old.accountid
      }
    }
    for (session, code) in [(old, "codeOfOld"), (new, "codeOfNew")] {
      _ = try dashboard.call(
        CreateResetCode.self, query: ["accountid": "\(session.accountid)"], posted: ["secret-code": code],
        as: session)
    }
    #expect(try reset("ada", "codeOfOld") == "401 invalid-reset-code")
    #expect(try reset("ADA", "codeOfOld") == "401 invalid-reset-code")
    #expect(try reset("Ada", "codeOfNew") == "401 invalid-reset-code")
    #expect(try reset("Ada", "codeOfOld") == "\(old.accountid)")
    // Neither takes the other's name, in any spelling.
    let (first, second) = (try dashboard.session("Ada"), try dashboard.session("ada", others))
    for name in ["ada", "ADA", " Ada", "Ada"] {
      #expect(try dashboard.rename(first, to: name) == "409 duplicate-username")
      #expect(try dashboard.rename(second, to: name, others) == "409 duplicate-username")
    }
    // Nor cancels the other's deletion.
    _ = try dashboard.call(
      SetAccountDeleted.self, query: ["accountid": "\(new.accountid)"], posted: ["password": others],
      as: second, from: .trusted)
    func cancel(_ name: String) throws -> String {
      try outcome {
        try dashboard.call(
          ResetAccountDeleted.self, posted: ["username": name, "password": others], from: .trusted
        ).accountid
      }
    }
    #expect(try cancel("Ada") == "401 invalid-password")
    #expect(try cancel("ADA") == "\(new.accountid)")
  }

  @Test("a free prepared form is a new name for an account from before, and its old bytes are free then")
  func renaming() throws {
    let session = try {
      let exact = try names.open(Names.exact)
      _ = try exact.register("Ada")
      return try exact.session("Ada")
    }()
    let old = "\(session.accountid)"
    let dashboard = try names.open()
    #expect(try dashboard.rename(session, to: "Grace") == old)
    let new = try dashboard.register("Ada")
    #expect(new.hasPrefix("acct_"))
    #expect(try dashboard.signIn("ADA") == new)
    #expect(try dashboard.signIn("GRACE") == old)
  }

  @Test("an exact comparison that is turned on or off later loses no account and gives none away")
  func switching() throws {
    let first = try names.open().register("Ada")
    let second: String
    do {
      let exact = try names.open(Names.exact)
      // The account was stored under its prepared form.
      #expect(try exact.signIn("Ada") == "401 invalid-username")
      #expect(try exact.signIn("ada") == first)
      second = try exact.register("Ada", "another password")
      #expect(second.hasPrefix("acct_"))
    }
    let dashboard = try names.open()
    for _ in 0..<2 {
      #expect(try dashboard.signIn("Ada", "another password") == second)
      #expect(try dashboard.signIn("Ada") == "401 invalid-password")
      #expect(try dashboard.signIn("ada") == first)
      #expect(try dashboard.signIn("ADA") == first)
    }
    #expect(try dashboard.register("ada") == "409 duplicate-username")
  }

  // MARK: New keys

  @Test("new keys and prepared forms together find and move an account")
  func keys() throws {
    let old = try names.open(Names.exact).register("Ada")
    do {
      let dashboard = try names.open(keys: .firstAndNext)
      #expect(try dashboard.register("Ada") == "409 duplicate-username")
      #expect(try dashboard.signIn("Ada") == old)
      #expect(try dashboard.signIn("ada") == old)
    }
    #expect(try names.open(keys: .next).signIn("ADA") == old)
  }

  /// The forms of a name by both keys: as typed by the new and by the previous key, prepared by each.
  @Test("while keys change, no spelling of a taken name is free, and two accounts of one name stay two")
  func collisionsWithKeys() throws {
    let (capital, small, moved) = try {
      let old = try names.open(Names.exact)
      return (try old.register("Ada"), try old.register("ada"), try old.register("Max"))
    }()
    do { #expect(try names.open().signIn("Max") == moved) }
    do {
      let dashboard = try names.open(keys: .firstAndNext)
      for name in ["Ada", "ada", "ADA", "Max", "max"] {
        #expect(try dashboard.register(name) == "409 duplicate-username")
      }
      // The account with the prepared form has not signed in with the new key yet.
      #expect(try dashboard.signIn("Ada") == capital)
      #expect(try dashboard.signIn("ADA") == small)
      #expect(try dashboard.signIn("Max") == moved)
      #expect(try dashboard.services.store.problems() == [])
    }
    let dashboard = try names.open(keys: .next)
    #expect(try dashboard.signIn("Ada") == capital)
    #expect(try dashboard.signIn("ada") == small)
    #expect(try dashboard.signIn("MAX") == moved)
  }
}
