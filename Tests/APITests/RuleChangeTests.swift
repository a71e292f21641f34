import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardStore
import TestSupport
import Testing

/// Who may cancel a deletion, how an app keeps its owner, and what lists and forms take.
@Suite("deletions, lists and forms as people use them")
struct RuleChangeTests {
  private let log = Log()
  private let fixture: Fixture
  private var dashboard: Dashboard { fixture.dashboard }

  init() throws {
    let log = log
    fixture = try Fixture(settings: ["DELETE_DELAY": "7"], eventLog: { log.add($0) })
  }

  private func refusal(_ body: () throws -> Void) throws -> String {
    do {
      try body()
      return "200"
    } catch let exception as Exception {
      return "\(exception.status) \(exception.code)"
    }
  }

  private func of(_ session: Session) -> [String: String] { ["accountid": "\(session.accountid)"] }

  private func form(_ name: String, _ password: String? = nil) -> [String: String] {
    ["username": name, "password": password ?? "password of \(name)"]
  }

  // MARK: Deletions

  @Test("a person cancels only a deletion of their own, and learns why after the right password")
  func cancelling() throws {
    let owner = try fixture.signUp("owner")
    let ada = try fixture.signUp("ada")
    func cancel(_ password: String? = nil) throws -> String {
      try refusal {
        _ = try dashboard.call(ResetAccountDeleted.self, posted: form("ada", password), from: .trusted)
      }
    }
    _ = try dashboard.call(SetAccountDeleted.self, query: of(ada), posted: form("ada"), as: ada)
    #expect(try cancel() == "200")
    _ = try dashboard.call(Administrator.SetAccountDeleted.self, query: of(ada), as: owner)
    #expect(try cancel("wrong password") == "401 invalid-password")
    #expect(try cancel() == "403 invalid-account")
    // The administrator cancels it, and a later one of the person's own is theirs again.
    _ = try dashboard.call(Administrator.ResetAccountDeleted.self, query: of(ada), as: owner)
    let again = try fixture.signIn("ada")
    _ = try dashboard.call(SetAccountDeleted.self, query: of(ada), posted: form("ada"), as: again)
    #expect(try cancel() == "200")
  }

  @Test("the owner can't leave other accounts without an owner")
  func owner() throws {
    let owner = try fixture.signUp("owner")
    let ada = try fixture.signUp("ada")
    func schedule(_ password: String) throws -> String {
      try refusal {
        _ = try dashboard.call(
          SetAccountDeleted.self, query: of(owner), posted: form("owner", password), as: owner, from: .trusted
        )
      }
    }
    #expect(try schedule("wrong") == "401 invalid-password")
    #expect(try schedule("password of owner") == "409 invalid-account")
    #expect(try dashboard.call(CurrentSession.self, as: owner).sessionid == owner.sessionid)
    _ = try dashboard.call(Administrator.DeleteAccount.self, query: of(ada), as: owner)
    #expect(try schedule("password of owner") == "200")
  }

  @Test("the owner's deletion is dropped if others registered before it was due")
  func droppedDeletion() throws {
    let owner = try fixture.signUp("owner")
    _ = try dashboard.call(SetAccountDeleted.self, query: of(owner), posted: form("owner"), as: owner)
    _ = try fixture.signUp("ada")
    fixture.clock.set(fixture.clock.now().adding(seconds: 7 * 86_400))
    while try dashboard.sweep() {}
    let again = try fixture.signIn("owner")
    let account = try dashboard.call(ReadAccount.self, query: of(again), as: again)
    #expect(account.isOwner && account.deletedAt == nil)
    #expect(log.lines.count { $0.contains(#""event":"deletion-dropped""#) } == 1)
    #expect(!log.lines.contains { $0.contains(#""event":"account-deleted""#) })
    #expect(try dashboard.services.store.problems() == [])
  }

  @Test("when the last account goes, the app begins anew")
  func beginningAnew() throws {
    for _ in 0..<2 {
      let owner = try fixture.signUp("owner")
      #expect(try dashboard.call(ReadAccount.self, query: of(owner), as: owner).isOwner)
      _ = try dashboard.call(SetAccountDeleted.self, query: of(owner), posted: form("owner"), as: owner)
      fixture.clock.set(fixture.clock.now().adding(seconds: 7 * 86_400))
      while try dashboard.sweep() {}
      #expect(try refusal { _ = try fixture.signIn("owner") } == "401 invalid-username")
      #expect(try dashboard.services.store.problems() == [])
    }
    let next = try fixture.signUp("ada")
    #expect(try dashboard.call(ReadAccount.self, query: of(next), as: next).isOwner)
    let other = try fixture.signUp("eve")
    #expect(try !dashboard.call(ReadAccount.self, query: of(other), as: other).isOwner)
  }

  // MARK: Lists and forms

  @Test("all is a question that can be answered with no")
  func all() throws {
    let ada = try fixture.signUp("ada")
    for _ in 0..<14 { _ = try fixture.signIn("ada") }
    func count(_ all: String) throws -> Int {
      try dashboard.call(Sessions.self, query: of(ada).merging(["all": all]) { $1 }, as: ada).count
    }
    for no in ["", "false", "0", "no", "False", "NO"] { #expect(try count(no) == 10, "\(no)") }
    for yes in ["true", "1", "yes", "x", "00", "none"] { #expect(try count(yes) == 15, "\(yes)") }
  }

  @Test("the Link of a list goes on at its place when its last element is gone, for its own caller")
  func link() throws {
    let owner = try fixture.signUp("owner")
    let ada = try fixture.signUp("ada")
    let router = Router(dashboard, Routes.all) { _ in }
    func get(_ path: String, as session: Session) -> (status: Int, ids: [Substring], next: String?) {
      let bearer = ["HTTP_AUTHORIZATION": "Bearer \(session.sessionid).\(session.token ?? "")"]
      let text = TestRequest.respond(router, "GET", path, bearer).text
      let status = Int(text.dropFirst(8).prefix(3)) ?? 0
      let next = text.split(separator: "\r\n").first { $0.hasPrefix("Link: <") }
      let ids = text.split(separator: "\"profileid\":\"").dropFirst().map { $0.prefix(21) }
      return (status, ids, next.map { String($0.dropFirst(7).prefix { $0 != ">" }) })
    }
    let fields = ["full-name": "Ada", "contact-email": "ada@example.com"]
    let made = try (0..<7).map { _ in
      try dashboard.call(CreateProfile.self, query: of(ada), posted: fields, as: ada).profileid
    }
    for path in [
      "/api/user/profiles?accountid=\(ada.accountid)&limit=3", "/api/administrator/profiles?limit=3",
    ] {
      let caller = path.contains("user") ? ada : owner
      let first = get(path, as: caller)
      #expect(first.ids.count == 3)
      let next = try #require(first.next)
      let before = get(next, as: caller)
      #expect(before.ids.count == 3)
      let last = try #require(first.ids.last)
      _ = try dashboard.call(DeleteProfile.self, query: ["profileid": "\(last)"], as: ada)
      let after = get(next, as: caller)
      #expect(after.ids == before.ids && after.next == before.next)
      // Neither without its place nor with another's.
      let place = try #require(next.split(separator: "place=").last)
      #expect(get(next.replacing("&place=\(place)", with: ""), as: caller).status == 400)
      #expect(get(next.replacing(place, with: String(repeating: "0", count: 32)), as: caller).status == 400)
      if caller.accountid == owner.accountid {
        _ = try dashboard.call(Administrator.SetAccountAdministrator.self, query: of(ada), as: owner)
        #expect(get(next, as: ada).status == 400)
      }
    }
    #expect(made.count == 7)
  }

  @Test("a checkbox means 30 days, and an unknown value is refused before anything is proven")
  func remember() throws {
    _ = try fixture.signUp("ada")
    func duration(_ remember: String) throws -> Int64 {
      try fixture.signIn("ada", remember: remember).duration
    }
    #expect(try duration("on") == 2_592_000)
    #expect(try duration("Days") == 2_592_000)
    #expect(try duration("off") == 1200)
    #expect(try duration("") == 1200)
    #expect(try refusal { _ = try duration("weeks") } == "400 invalid-remember")
    let wrong = form("nobody").merging(["remember": "2"]) { $1 }
    #expect(
      try refusal { _ = try dashboard.call(CreateSession.self, posted: wrong, from: .trusted) }
        == "400 invalid-remember")
  }

  @Test("a session's csrfToken is shown to its own account alone")
  func csrfToken() throws {
    let owner = try fixture.signUp("owner")
    let ada = try fixture.signUp("ada")
    let router = Router(dashboard, Routes.all) { _ in }
    func text(_ method: String, _ path: String, as session: Session) -> String {
      let bearer = ["HTTP_AUTHORIZATION": "Bearer \(session.sessionid).\(session.token ?? "")"]
      return TestRequest.respond(router, method, path, bearer).text
    }
    let administrator = "/api/administrator"
    #expect(text("GET", "/api/user/session?sessionid=\(ada.sessionid)", as: ada).contains("csrfToken"))
    #expect(
      text("GET", "\(administrator)/session?sessionid=\(owner.sessionid)", as: owner).contains("csrfToken"))
    #expect(
      !text("GET", "\(administrator)/session?sessionid=\(ada.sessionid)", as: owner).contains("csrfToken"))
    let both = text("GET", "\(administrator)/sessions", as: owner)
    #expect(both.contains("\(ada.sessionid)") && both.split(separator: "csrfToken").count == 2)
    let ended = text("PATCH", "\(administrator)/set-session-ended?sessionid=\(ada.sessionid)", as: owner)
    #expect(ended.contains("\(ada.sessionid)") && !ended.contains("csrfToken"))
  }
}
