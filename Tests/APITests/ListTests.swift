import DashboardEndpoints
import DashboardRecords
import DashboardStore
import TestSupport
import Testing

/// Lists that are longer than a page.
@Suite("long lists")
struct ListTests {
  @Test("a list of any length has each element once, in its order")
  func all() throws {
    let fixture = try Fixture()
    let ada = try fixture.signUp("ada")
    let app = fixture.dashboard.configuration.appName
    let made = try fixture.dashboard.services.store.write(app) { change in
      var sessions: [SessionID] = []
      for _ in 0..<2500 {
        guard let account = try change.current.account(ada.accountid) else { break }
        let session = Session(
          appid: app, accountid: account.accountid, duration: 1200,
          csrfToken: [UInt8](repeating: 0, count: 64),
          tokenHash: [UInt8](repeating: 0, count: 64), epoch: 1, createdAt: fixture.clock.now())
        sessions.append(try change.insert(session, of: account).sessionid)
      }
      return sessions
    }
    let account = ["accountid": "\(ada.accountid)"]
    let listed = try fixture.dashboard.call(
      Sessions.self, query: account.merging(["all": "1"]) { $1 }, as: ada)
    #expect(listed.map(\.sessionid) == made.reversed() + [ada.sessionid])
    let longest = try fixture.dashboard.call(
      Sessions.self, query: account.merging(["limit": "1000", "offset": "1000"]) { $1 }, as: ada)
    #expect(longest.map(\.sessionid) == Array(made.reversed()[1000..<2000]))
    #expect(try fixture.dashboard.call(SessionsCount.self, query: account, as: ada) == 2501)
    // `all` with `after` gives every later element.
    let rest = try fixture.dashboard.call(
      Sessions.self, query: account.merging(["all": "1", "after": "\(made[1])"]) { $1 }, as: ada)
    #expect(rest.map(\.sessionid) == [made[0], ada.sessionid])
    let none = try fixture.dashboard.call(
      Sessions.self, query: account.merging(["after": "\(ada.sessionid)"]) { $1 }, as: ada)
    #expect(none.isEmpty)
  }
}
