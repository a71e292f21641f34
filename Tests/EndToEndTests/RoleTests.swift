import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Every caller on every route.
@Suite("roles")
struct RoleTests {
  @Test("every caller gets the answer in the table, and every route has a line")
  func table() throws {
    let site = try PreparedSite(.fastcgi)
    let contract = Contract(site: site.site)
    let lines = try Self.lines
    let listed = lines.map { "\($0.verb) \($0.route)" }
    let routes = Routes.endpoints.map { "\($0.declaration.verb.rawValue) \($0.declaration.route)" }
    for route in routes where !listed.contains(route) {
      Issue.record("no line for \(route): add it to Tests/EndToEndTests/RoleTable.swift")
    }
    for route in listed where !routes.contains(route) {
      Issue.record("\(route) is not in Sources/API/Routes.swift: correct Tests/EndToEndTests/RoleTable.swift")
    }
    #expect(
      Set(listed).count == listed.count, "Tests/EndToEndTests/RoleTable.swift has two lines for one route")

    let stranger = try site.withPasskey(site.person("stranger", in: site.newApp()))
    var community: Community?
    for declaration in Routes.endpoints.map(\.declaration) {
      let line = lines.first { $0.verb == declaration.verb.rawValue && $0.route == declaration.route }
      guard let line else { continue }
      for (column, word) in zip(Column.allCases, line.words) {
        var people = try community ?? site.community()
        let isPrepared = try site.prepare(&people, for: declaration)
        let (caller, subject) = column.request(in: people, stranger)
        let answer = try contract.call(
          declaration, contract.values(of: subject, for: declaration), as: caller?.user, in: people.app)
        let expected = try #require(
          Self.meanings[word],
          "unknown word \(word) for \(line.route): correct Tests/EndToEndTests/RoleTable.swift")
        let verdict = try answer.verdict
        #expect(
          expected.contains(verdict),
          """
          \(line.verb) \(line.route) answers \(verdict) in the column \(column), but \
          Tests/EndToEndTests/RoleTable.swift has `\(word)`: correct that line or the access in Sources/API. \
          Tests/EndToEndTests/Community.swift has the values of the request
          """)
        // The next request needs the state before a change.
        let isAsNew = !isPrepared && (declaration.verb == .get || answer.status != 200)
        community = isAsNew ? people : nil
      }
    }
  }

  @Test("a session of another app does not sign in by its cookie either", arguments: Front.everywhere)
  func cookies(front: Front) throws {
    let site = try PreparedSite(front)
    let (here, there) = (try site.community(), try site.community())
    func status(_ user: Site.User, in app: AppName) throws -> Int {
      let cookie = ("Cookie", "\(app)_session=\(user.sessionid).\(user.token)")
      let headers = [("X-App", "\(app)"), cookie]
      return try site.site.request("GET", "/api/user/current-session", headers: headers).status
    }
    #expect(try status(there.owner.user, in: there.app) == 200)
    #expect(try status(there.owner.user, in: here.app) == 401)
    #expect(try status(here.owner.user, in: there.app) == 401)
  }

  /// The columns.
  private enum Column: CaseIterable {
    case guest, user, another, administrator, owner, stranger, ownerForStrangers, administratorForOwner

    /// The caller, and the person whose values the request has.
    func request(in people: Community, _ stranger: Person) -> (caller: Person?, subject: Person) {
      switch self {
      case .guest: (nil, people.user)
      case .user: (people.user, people.user)
      case .another: (people.another, people.user)
      case .administrator: (people.administrator, people.user)
      case .owner: (people.owner, people.user)
      case .stranger: (stranger, people.user)
      case .ownerForStrangers: (people.owner, stranger)
      case .administratorForOwner: (people.administrator, people.owner)
      }
    }
  }

  private static let unknown = [
    "accountid", "sessionid", "profileid", "reset-codeid", "invitationid", "passkeyid",
  ]

  /// The verdicts that a word of the table stands for.
  private static let meanings: [String: [String]] = [
    "ok": ["200"], "in": ["401 Sign in required"], "rank": ["403 Administrator required"],
    "not": ["403 invalid-account"], "none": unknown.map { "404 invalid-\($0)" },
    "name": ["401 invalid-username"], "state": ["409 invalid-account"],
  ]

  private static var lines: [(verb: String, route: String, words: [String])] {
    get throws {
      try roleTable.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        .filter { $0.count > 1 && $0[1].hasPrefix("/") }
        .map { line in
          let words = Array(line[2...])
          try #require(
            words.count == Column.allCases.count,
            "\(line[1]) needs \(Column.allCases.count) words in Tests/EndToEndTests/RoleTable.swift")
          return (verb: line[0], route: "/api\(line[1])", words: words)
        }
    }
  }
}
