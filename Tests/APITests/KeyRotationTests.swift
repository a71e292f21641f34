import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// New keys, with the previous ones for reading.
@Suite("key rotation")
struct KeyRotationTests {
  private let directory: TemporaryDirectory
  private let form = ["username": "ada", "password": "password of ada"]

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ keys: [String: String], cost: Int = 4) throws -> Dashboard {
    let settings = Dictionary(uniqueKeysWithValues: keys.map { ("DASHBOARD_\($0.key)", $0.value) })
    return try Dashboard(
      dataDirectory: directory.path("data"),
      settings: settings.merging(["BCRYPT_WORKLOAD_FACTOR": "\(cost)"]) { $1 })
  }

  private let old = ["ENCRYPTION_KEY": "old", "SESSION_KEY": "old session"]
  private let new = ["ENCRYPTION_KEY": "new", "SESSION_KEY": "new session"]
  private var newWithOld: [String: String] {
    new.merging(["ENCRYPTION_KEY_PREVIOUS": "old", "SESSION_KEY_PREVIOUS": "old session"]) { $1 }
  }

  /// True if the session's token signs in over HTTP.
  private func isSignedIn(_ session: Session, _ dashboard: Dashboard) -> Bool {
    let bearer = ["HTTP_AUTHORIZATION": "Bearer \(session.sessionid).\(session.token ?? "")"]
    let router = Router(dashboard, Routes.all, log: { _ in })
    return TestRequest.respond(router, "GET", "/api/user/current-session", bearer).status == 200
  }

  @Test("a sweep removes due records of an app whose keys changed after it was opened")
  func sweep() throws {
    let shop = try #require(AppName("shop"))
    let file = directory.path("data/apps/shop.conf")
    for path in ["data", "data/apps"] { try Files.makeDirectory(directory.path(path)) }
    func open(_ keys: String) throws -> Dashboard {
      try Files.write(keys, to: file)
      return try Dashboard(
        dataDirectory: directory.path("data"),
        settings: ["DELETE_DELAY": "0", "BCRYPT_WORKLOAD_FACTOR": "4"])
    }
    do {
      let dashboard = try open("DASHBOARD_ENCRYPTION_KEY=one\nDASHBOARD_SESSION_KEY=two\n")
      for name in ["owner", "ada"] {
        _ = try dashboard.call(
          CreateAccount.self, app: shop, posted: ["username": name, "password": "password of ada"])
      }
      let ada = try dashboard.call(CreateSession.self, app: shop, posted: form)
      _ = try dashboard.call(
        SetAccountDeleted.self, app: shop, query: ["accountid": "\(ada.accountid)"],
        posted: ["password": "password of ada"], as: ada)
    }
    let dashboard = try open(
      """
      DASHBOARD_ENCRYPTION_KEY=three
      DASHBOARD_SESSION_KEY=four
      DASHBOARD_ENCRYPTION_KEY_PREVIOUS=one
      DASHBOARD_SESSION_KEY_PREVIOUS=two
      """)
    while try dashboard.sweep() {}
    #expect(try dashboard.services.store.read(shop) { try $0.count(.all) } == 1)
  }

  @Test("an invitation from before counts, for all of its uses")
  func invitation() throws {
    let invitation: Invitation
    do {
      let dashboard = try open(old)
      _ = try dashboard.call(CreateAccount.self, posted: form)
      invitation = try dashboard.call(
        Administrator.CreateInvitation.self, posted: ["uses": "2"],
        as: dashboard.call(CreateSession.self, posted: form))
    }
    let code = ["invitation-code": try #require(invitation.code)]
    func register(_ name: String, _ dashboard: Dashboard) throws {
      _ = try dashboard.call(
        CreateAccount.self,
        posted: ["username": name, "password": "password of \(name)"].merging(code) { $1 })
    }
    do {
      let dashboard = try open(newWithOld)
      try register("bob", dashboard)
      try register("cyd", dashboard)
      #expect { try register("dee", dashboard) } throws: { ($0 as? Exception)?.status == 403 }
      #expect(try dashboard.services.store.problems() == [])
    }
    // Without the previous keys, no old code is found.
    let dashboard = try open(new)
    #expect { try register("eve", dashboard) } throws: { ($0 as? Exception)?.status == 403 }
  }

  @Test("an account with the previous keys has one limit of attempts, not two")
  func guesses() throws {
    let session: Session
    do {
      let dashboard = try open(old)
      _ = try dashboard.call(CreateAccount.self, posted: form)
      session = try dashboard.call(CreateSession.self, posted: form)
    }
    let router = Router(try open(newWithOld), Routes.all, log: { _ in })
    let headers = [
      "HTTP_AUTHORIZATION": "Bearer \(session.sessionid).\(session.token ?? "")", "REMOTE_ADDR": "192.0.2.1",
    ]
    let statuses = (0..<11).map { _ in
      TestRequest.respond(
        router, "PATCH", "/api/user/set-account-password?accountid=\(session.accountid)", headers,
        body: "new-password=another+password&password=wrong+one"
      ).status
    }
    #expect(statuses == Array(repeating: 401, count: 10) + [429])
    let verification = TestRequest.respond(
      router, "PATCH", "/api/user/set-session-verified?sessionid=\(session.sessionid)", headers,
      body: "username=ada&password=wrong+one")
    #expect(verification.status == 429)
  }

  @Test("a process with the previous keys can't write, so a username stays with its account")
  func leftBehind() throws {
    // A CGI process with a slow client can be this old.
    let behind = try open(old)
    _ = try behind.call(CreateAccount.self, posted: form)
    let body = "username=ada&password=password+of+ada"
    let ending = try ChildProcess.run(
      [Programs.dashboard],
      environment: [
        "DATA_DIR": directory.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4", "GATEWAY_INTERFACE": "CGI/1.1",
        "REQUEST_METHOD": "POST", "PATH_INFO": "/api/user/create-session",
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": "\(body.utf8.count)",
      ].merging(newWithOld.map { ("DASHBOARD_\($0.key)", $0.value) }) { $1 }, input: body)
    #expect(ending.output.hasPrefix("Status: 200"), "\(ending)")
    #expect(throws: Store.Lost.self) {
      try behind.call(CreateAccount.self, posted: ["username": "eve", "password": "password of eve"])
    }
  }

  @Test("a change of keys keeps counts of attempts and known addresses")
  func counts() throws {
    func attempts(_ dashboard: Dashboard, _ count: Int, from address: String, _ password: String) -> [Int] {
      let router = Router(dashboard, Routes.all, log: { _ in })
      return (0..<count).map { _ in
        TestRequest.respond(
          router, "POST", "/api/user/create-session", ["REMOTE_ADDR": address],
          body: "username=ada&password=\(password)"
        ).status
      }
    }
    let (home, others) = ("192.0.2.1", (1...10).map { "198.51.100.\($0)" })
    do {
      let dashboard = try open(old)
      _ = try dashboard.call(CreateAccount.self, posted: form)
      #expect(attempts(dashboard, 1, from: home, "password+of+ada") == [200])
      #expect(attempts(dashboard, 7, from: others[0], "wrong+one") == Array(repeating: 401, count: 7))
    }
    do {
      let dashboard = try open(newWithOld)
      #expect(attempts(dashboard, 5, from: others[0], "wrong+one") == [401, 401, 401, 429, 429])
      for address in others.dropFirst() { _ = attempts(dashboard, 10, from: address, "wrong+one") }
      #expect(attempts(dashboard, 1, from: "192.0.2.2", "password+of+ada") == [429])
      // This sign-in moves the account to the new keys.
      #expect(attempts(dashboard, 1, from: home, "password+of+ada") == [200])
      #expect(attempts(dashboard, 1, from: others[0], "wrong+one") == [429])
    }
    // The sign-in stored the address with the new keys.
    let dashboard = try open(new)
    for address in others { _ = attempts(dashboard, 10, from: address, "wrong+one") }
    #expect(attempts(dashboard, 1, from: "192.0.2.2", "password+of+ada") == [429])
    #expect(attempts(dashboard, 1, from: home, "password+of+ada") == [200])
  }

  @Test("with the previous keys all accounts go on, and a sign-in moves its account to the new keys")
  func rotation() throws {
    let session: Session
    do {
      let dashboard = try open(old)
      _ = try dashboard.call(CreateAccount.self, posted: form)
      session = try dashboard.call(CreateSession.self, posted: form)
      let account = ["accountid": "\(session.accountid)"]
      _ = try dashboard.call(
        CreateResetCode.self, query: account, posted: ["secret-code": "abcdef"], as: session)
      _ = try dashboard.call(CreateAccount.self, posted: ["username": "eve", "password": "password of eve"])
    }
    do {
      let dashboard = try open(newWithOld)
      #expect(isSignedIn(session, dashboard))
      #expect { try dashboard.call(CreateAccount.self, posted: form) } throws: {
        ($0 as? Exception)?.code == "duplicate-username"
      }
      #expect {
        try dashboard.call(CreateSession.self, posted: ["username": "ada", "password": "wrong"])
      } throws: { ($0 as? Exception)?.code == "invalid-password" }
      #expect(isSignedIn(try dashboard.call(CreateSession.self, posted: form), dashboard))
      _ = try dashboard.call(
        SetAccountPassword.self, query: ["accountid": "\(session.accountid)"],
        posted: ["new-password": "another password", "password": "password of ada"], as: session)
      _ = try dashboard.call(
        ResetAccountPassword.self,
        posted: ["username": "ada", "new-password": "password of ada", "secret-code": "abcdef"])
      _ = try dashboard.call(CreateSession.self, posted: form)
      #expect(try dashboard.services.store.problems() == [])
    }
    // Without the previous keys, only an account that has signed in with the new keys can sign in.
    let dashboard = try open(new)
    _ = try dashboard.call(CreateSession.self, posted: form)
    #expect(!isSignedIn(session, dashboard))
    #expect {
      try dashboard.call(CreateSession.self, posted: ["username": "eve", "password": "password of eve"])
    } throws: { ($0 as? Exception)?.code == "invalid-username" }
  }

  @Test("a reset code made before and again after the change of keys counts once")
  func codeMadeTwice() throws {
    func makeCode(_ dashboard: Dashboard) throws {
      let session = try dashboard.call(CreateSession.self, posted: form)
      _ = try dashboard.call(
        CreateResetCode.self, query: ["accountid": "\(session.accountid)"], posted: ["secret-code": "abcdef"],
        as: session)
    }
    do {
      let dashboard = try open(old)
      _ = try dashboard.call(CreateAccount.self, posted: form)
      try makeCode(dashboard)
    }
    let dashboard = try open(newWithOld)
    try makeCode(dashboard)
    func use() throws -> Bool {
      try dashboard.call(
        ResetAccountPassword.self,
        posted: ["username": "ada", "new-password": "password of ada", "secret-code": "abcdef"])
    }
    #expect(try use())
    #expect { try use() } throws: { ($0 as? Exception)?.code == "invalid-reset-code" }
  }

  @Test("a sign-in succeeds while a parallel one moves the account to the new keys")
  func parallel() throws {
    do { _ = try open(old).call(CreateAccount.self, posted: form) }
    let random = InterruptibleRandom()
    let settings = Dictionary(uniqueKeysWithValues: newWithOld.map { ("DASHBOARD_\($0.key)", $0.value) })
    let dashboard = try Dashboard(
      dataDirectory: directory.path("data"),
      settings: settings.merging(["BCRYPT_WORKLOAD_FACTOR": "4"]) { $1 },
      random: random)
    let form = form
    random.interrupt { _ = try dashboard.call(CreateSession.self, posted: form) }
    _ = try dashboard.call(CreateSession.self, posted: form)
  }

  @Test("each of the two keys can change alone")
  func oneKey() throws {
    do { _ = try open(old).call(CreateAccount.self, posted: form) }
    let session: Session
    do { session = try open(old).call(CreateSession.self, posted: form) }
    let changed = old.merging(["SESSION_KEY": "new session", "SESSION_KEY_PREVIOUS": "old session"]) { $1 }
    let dashboard = try open(changed)
    #expect(isSignedIn(session, dashboard))
    #expect(isSignedIn(try dashboard.call(CreateSession.self, posted: form), dashboard))
  }

  @Test("unknown keys are refused, and so are the previous keys alone")
  func refusals() throws {
    do { _ = try open(old).call(CreateAccount.self, posted: form) }
    let wrong = new.merging(["ENCRYPTION_KEY_PREVIOUS": "wrong", "SESSION_KEY_PREVIOUS": "old session"]) {
      $1
    }
    for keys in [new, wrong] { #expect(throws: Store.OpeningError.self) { try open(keys) } }
    do { _ = try open(newWithOld) }
    #expect(throws: Store.OpeningError.self) { try open(old) }
  }

  @Test("an app's own keys can change too")
  func appKeys() throws {
    let shop = AppName("shop")
    func write(_ text: String) throws {
      if !Files.names(in: directory.path).contains("apps") { try Files.makeDirectory(directory.path("apps")) }
      try Files.write(text, to: directory.path("apps/shop.conf"))
    }
    func open() throws -> Dashboard {
      try Dashboard(
        dataDirectory: directory.path("data"),
        settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "APPS_DIR": directory.path("apps")])
    }
    try write("DASHBOARD_ENCRYPTION_KEY=old\nDASHBOARD_SESSION_KEY=s\n")
    do { _ = try open().call(CreateAccount.self, app: shop, posted: form) }
    try write(
      "DASHBOARD_ENCRYPTION_KEY=new\nDASHBOARD_ENCRYPTION_KEY_PREVIOUS=old\nDASHBOARD_SESSION_KEY=s\n")
    do { _ = try open().call(CreateSession.self, app: shop, posted: form) }
    try write("DASHBOARD_ENCRYPTION_KEY=new\nDASHBOARD_SESSION_KEY=s\n")
    do { _ = try open().call(CreateSession.self, app: shop, posted: form) }
    try write("DASHBOARD_ENCRYPTION_KEY=old\nDASHBOARD_SESSION_KEY=s\n")
    #expect(throws: Store.OpeningError.self) { try open().call(CreateSession.self, app: shop, posted: form) }
  }
}
