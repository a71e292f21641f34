import DashboardAccounts
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardStore
import TestSupport
import Testing

/// Who is in which group, how administrators list groups, and what a web server learns of them.
@Suite("groups")
struct GroupTests {
  private let log = Log()
  private let events = Log()
  private let fixture: Fixture
  private let router: Router
  private let owner: Session
  private let ada: Session
  private var dashboard: Dashboard { fixture.dashboard }

  init() throws {
    let (log, events) = (log, events)
    fixture = try Fixture(eventLog: { events.add($0) })
    router = Router(fixture.dashboard, Routes.all) { log.add($0) }
    owner = try fixture.signUp("owner")
    ada = try fixture.signUp("ada")
  }

  @discardableResult
  private func set(_ groups: String, of session: Session, as caller: Session? = nil) throws -> Account {
    try dashboard.call(
      Administrator.SetAccountGroups.self, query: ["accountid": "\(session.accountid)"],
      posted: ["groups": groups], as: caller ?? owner)
  }

  private func groups() throws -> [String] {
    try dashboard.call(Administrator.Groups.self, as: owner).map { "\($0.name) \($0.count)" }
  }

  private func members(_ group: String) throws -> [AccountID] {
    let query = ["group": group]
    let found = try dashboard.call(Administrator.Accounts.self, query: query, as: owner)
    #expect(try dashboard.call(Administrator.AccountsCount.self, query: query, as: owner) == found.count)
    #expect(found.allSatisfy { $0.groups.contains(group) })
    #expect(try dashboard.services.store.problems() == [])
    return found.map(\.accountid)
  }

  private func respond(_ path: String, as session: Session?, _ more: [String: String] = [:]) -> (
    status: Int, text: String
  ) {
    let bearer = session.flatMap(\.bearer).map { ["HTTP_AUTHORIZATION": "Bearer \($0)"] } ?? [:]
    return TestRequest.respond(router, "GET", path, bearer + more)
  }

  @Test("an administrator sets the groups of every account but the owner's, and the owner those of all")
  func roles() throws {
    let admin = try fixture.signUp("admin")
    _ = try dashboard.call(
      Administrator.SetAccountAdministrator.self, query: ["accountid": "\(admin.accountid)"], as: owner)
    #expect(try set("family, editors,family", of: ada, as: admin).groups == ["editors", "family"])
    #expect(try set("board", of: admin, as: admin).groups == ["board"])
    #expect(throws: Exception.self) { try set("board", of: owner, as: admin) }
    #expect(try set("board", of: owner).groups == ["board"])
    #expect(throws: AccessRefusal.administratorRequired) { try set("board", of: ada, as: ada) }
    #expect(try groups() == ["board 2", "editors 1", "family 1"])
    #expect(try members("board") == [admin.accountid, owner.accountid])
    #expect(try set("", of: ada).groups == [] && groups() == ["board 2"])
    #expect(try members("editors") == [])
    // A role or a suspension changes no group.
    _ = try dashboard.call(
      Administrator.SetAccountSuspended.self, query: ["accountid": "\(admin.accountid)"], as: owner)
    #expect(try members("board") == [admin.accountid, owner.accountid])
    #expect(try set("choir", of: admin).groups == ["choir"])
  }

  @Test("a file in the place of the names takes no group from the account")
  func file() throws {
    try set("editors", of: ada)
    let body = """
      --x\r\nContent-Disposition: form-data; name="groups"; filename="groups"\r\n\r\nfamily\r\n--x--\r\n
      """
    let answer = TestRequest.respond(
      router, "PATCH", "/api/administrator/set-account-groups?accountid=\(ada.accountid)",
      [
        "HTTP_AUTHORIZATION": "Bearer \(owner.bearer ?? "")",
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
      ],
      body: body)
    #expect(answer.status == 400 && answer.text.contains("invalid-groups"), "\(answer.text)")
    #expect(try members("editors") == [ada.accountid])
  }

  @Test(
    "accounts of an invitation and accounts made for others are in their groups, and removed ones are not")
  func origins() throws {
    let code = try dashboard.call(
      Administrator.CreateInvitation.self, posted: ["groups": "family,choir", "uses": "2"], as: owner
    ).code
    let eve = try dashboard.call(
      CreateAccount.self,
      posted: ["username": "eve", "password": "password of eve", "invitation-code": code ?? ""])
    let bob = try dashboard.call(
      Administrator.CreateAccount.self, posted: ["username": "bob", "groups": "choir"], as: owner)
    #expect(try groups() == ["choir 2", "family 1"])
    #expect(try members("choir") == [bob.accountid, eve.accountid])
    _ = try dashboard.call(
      ResetAccountPassword.self,
      posted: [
        "username": "bob", "secret-code": bob.secretCode ?? "", "new-password": "password of bob",
      ])
    #expect(try members("choir") == [bob.accountid, eve.accountid])
    _ = try dashboard.call(
      Administrator.DeleteAccount.self, query: ["accountid": "\(bob.accountid)"], as: owner)
    #expect(try members("choir") == [eve.accountid])
    _ = try dashboard.call(
      Administrator.SetAccountDeleted.self, query: ["accountid": "\(eve.accountid)"], as: owner)
    #expect(try members("choir") == [eve.accountid])
    fixture.clock.set(fixture.clock.now().adding(seconds: 400 * 86_400))
    while try dashboard.sweep() {}
    let app = dashboard.configuration.appName
    try dashboard.services.store.read(app) { snapshot throws in
      #expect(try snapshot.groupCount() == 0 && snapshot.groups(limit: 10).isEmpty)
    }
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("lists of groups and of their accounts are read in parts, and go on where an element has gone")
  func parts() throws {
    let people = try (0..<5).map { try fixture.signUp("person \($0)") }
    for (number, person) in people.enumerated() { try set("all,g\(number)", of: person) }
    /// The values of a member in each part, and the bodies' parts as the links lead.
    func walk(_ path: String, _ field: String, meanwhile: (Int) throws -> Void = { _ in }) throws
      -> [[String]]
    {
      var parts: [[String]] = []
      var next: String? = path
      while let target = next, parts.count < 10 {
        let query = target.split(separator: "?").last.map(String.init) ?? ""
        let answer = respond(target, as: owner, ["QUERY_STRING": query])
        #expect(answer.status == 200, "\(answer.text)")
        let body = answer.text.split(separator: "\r\n\r\n", maxSplits: 1).last ?? ""
        let elements = try JSON(Array(body.utf8)).array ?? []
        parts.append(elements.compactMap { $0[field]?.string })
        let link = answer.text.split(separator: "\r\n").first { $0.hasPrefix("Link: <") }
        next = link.map { String($0.dropFirst(7).prefix { $0 != ">" }) }
        try meanwhile(parts.count)
      }
      return parts
    }
    let ids = people.reversed().map { "\($0.accountid)" }
    let route = "/api/administrator/accounts?group=all&limit=2"
    #expect(try walk(route, "accountid") == [Array(ids[..<2]), Array(ids[2..<4]), [ids[4]]])
    let shrinking = try walk(route, "accountid") { part in
      // The last element of the first part leaves the group.
      if part == 1 { try set("g3", of: people[3]) }
    }
    #expect(shrinking == [Array(ids[..<2]), Array(ids[2..<4]), [ids[4]]])
    let names = try walk("/api/administrator/groups?limit=2", "name") { part in
      if part == 1 { try set("", of: people[0]) }
    }
    #expect(names == [["all", "g0"], ["g1", "g2"], ["g3", "g4"]])
    #expect(
      respond("/", as: owner, ["PATH_INFO": "/api/administrator/groups"]).text.contains("X-Total-Count: 5"))
    let query = ["all": "1", "after": "g1"]
    #expect(
      try dashboard.call(Administrator.Groups.self, query: query, as: owner).map(\.name) == [
        "g2", "g3", "g4",
      ])
  }

  @Test("administrators who set groups at once leave lists that agree with the accounts")
  func race() throws {
    let bob = try fixture.signUp("bob")
    let (dashboard, owner, accounts) = (dashboard, owner, [ada, bob])
    _ = try Threads.run(16) { number in
      for round in 0..<4 {
        let names = (0..<3).filter { (number + round) >> $0 & 1 == 1 }.map { "g\($0)" }
        _ = try dashboard.call(
          Administrator.SetAccountGroups.self,
          query: ["accountid": "\(accounts[number % 2].accountid)"],
          posted: ["groups": names.joined(separator: ",")], as: owner)
      }
    }
    for number in 0..<3 { _ = try members("g\(number)") }
  }

  @Test("a change is an event with the administrator, and without the names")
  func event() throws {
    events.clear()
    try set("editors", of: ada)
    let line = try #require(events.lines.first)
    let event = try JSON(Array(line.utf8))
    #expect(events.lines.count == 1 && event["event"] == .string("groups-set"))
    #expect(event["account"] == .string("\(ada.accountid)") && event["by"] == .string("\(owner.accountid)"))
    #expect(!line.contains("editors"))
  }

  // MARK: The web server's question

  /// Asks as nginx does for a location with groups.
  private func ask(_ groups: String, as session: Session?, app: String? = nil) -> (status: Int, text: String)
  {
    respond(
      "/page", as: session,
      ["PATH_INFO": "/authorize", "DASHBOARD_REQUIRE": "group:\(groups)"]
        + (app.map { ["DASHBOARD_APPID": $0] } ?? [:]))
  }

  @Test("a member of one of the groups may pass, from the change to the next one")
  func authorization() throws {
    try set("family,editors", of: ada)
    for list in ["editors", "family", "board,editors", " family , board", "a,b,c,d,editors"] {
      let answer = ask(list, as: ada)
      #expect(answer.status == 204 && answer.text.contains("\r\nX-Groups: editors,family\r\n"), "\(list)")
      #expect(ask(list, as: owner).status == 403 && ask(list, as: nil).status == 401)
    }
    let refused = ask("board,editors", as: owner)
    let body =
      #"{"object":"error","message":"group-required","detail":"the account is in no group that may pass"}"#
    #expect(
      refused.text.contains("\r\nX-Refusal: \(body)\r\n")
        && refused.text.contains("\r\nX-Return-Url: /page\r\n"))
    #expect(!refused.text.contains("X-Accountid"))
    // The group has accounts, so this is no fault of the site's configuration.
    #expect(log.lines == [])
    let session = ["PATH_INFO": "/authorize", "DASHBOARD_REQUIRE": "session"]
    #expect(respond("/", as: ada, session).text.contains("\r\nX-Groups: editors,family\r\n"))
    #expect(!respond("/", as: owner, session).text.contains("X-Groups"))
    try set("family", of: ada)
    #expect(ask("editors", as: ada).status == 403 && ask("family", as: ada).status == 204)
    #expect(respond("/", as: ada, session).text.contains("\r\nX-Groups: family\r\n"))
  }

  @Test("a list that is empty, malformed or unknown lets no user pass, and is one line in the error log")
  func faults() throws {
    try set("editors", of: ada)
    for list in [
      "", " ", ",", "editors,", ",editors", "editors,,family", "Editors", "editors;family", "editors family",
      "*",
      "any", "session", "editor", "editorss", String(repeating: "e", count: 33), "$dashboard_group",
      "éditeurs",
      (1...65).map { "g\($0)" }.joined(separator: ",") + ",editors",
    ] {
      log.clear()
      #expect(ask(list, as: ada).status == 403, "\(list)")
      #expect(log.lines.count == 1, "\(list) \(log.lines)")
      #expect(log.lines.allSatisfy { $0.contains("group") })
      #expect(ask(list, as: nil).status == 401, "\(list)")
      #expect(log.lines.count == 1)
    }
    log.clear()
    for required in ["group", "group editors", "groups:editors", "Group:editors"] {
      let answer = respond("/", as: ada, ["PATH_INFO": "/authorize", "DASHBOARD_REQUIRE": required])
      #expect(answer.status == 500, "\(required)")
    }
    #expect(log.lines.count == 4)
  }

  @Test("a group of another app lets no one pass")
  func apps() throws {
    try set("editors", of: ada)
    let shop = try #require(AppName("shop"))
    let form = ["username": "ada", "password": "password of ada"]
    _ = try dashboard.call(CreateAccount.self, app: shop, posted: form)
    let other = try dashboard.call(CreateSession.self, app: shop, posted: form)
    #expect(ask("editors", as: other, app: "shop").status == 403)
    #expect(ask("editors", as: ada, app: "shop").status == 401)
    #expect(try dashboard.call(Administrator.Groups.self, app: shop, as: other).isEmpty)
  }
}
