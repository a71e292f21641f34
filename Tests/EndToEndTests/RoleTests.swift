import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Every route, asked by everybody.
@Suite("roles")
struct RoleTests {
  @Test("everybody is answered as the table says, and no route is without a line")
  func table() throws {
    let site = try PreparedSite(.fastcgi)
    let contract = Contract(site: site.site)
    let lines = Self.lines
    let routes = Routes.endpoints.map { "\($0.declaration.verb.rawValue) \($0.declaration.route)" }
    #expect(lines.map { "\($0.verb) \($0.route)" }.sorted() == routes.sorted())

    let stranger = try site.person("stranger", in: site.newApp())
    var community: Community?
    for declaration in Routes.endpoints.map(\.declaration) {
      guard let line = lines.first(where: { $0.route == declaration.route }) else { continue }
      for (asker, word) in zip(Asker.allCases, line.words) {
        let people = try community ?? site.community()
        let isPrepared = try site.prepare(people, for: declaration)
        let (person, values) = asker.request(in: people, stranger)
        var changed = values
        if declaration.route == "/api/user/create-account" { changed["username"] = "somebody new" }
        let answer = try contract.call(declaration, changed, as: person?.user, in: people.app)
        let expected = try #require(Self.meanings[word], "\(word) in the line of \(line.route)")
        let verdict = try answer.verdict
        #expect(
          expected.contains(verdict), "\(line.route), \(asker): \(verdict) where the table has \(word)")
        // What has changed is not what the next one is to ask for.
        let isAsNew = declaration.verb == .get || answer.status != 200 && !isPrepared
        community = isAsNew ? people : nil
      }
    }
  }

  @Test("a session of another app does not sign in by its cookies either", arguments: Front.everywhere)
  func cookies(front: Front) throws {
    let site = try PreparedSite(front)
    let (here, there) = (try site.community(), try site.community())
    func status(_ user: Site.User, in app: AppName) throws -> Int {
      let cookies = ("Cookie", "sessionid=\(user.sessionid); token=\(user.token)")
      let headers = [("X-App", "\(app)"), cookies]
      return try site.site.request("GET", "/api/user/current-session", headers: headers).status
    }
    #expect(try status(there.owner.user, in: there.app) == 200)
    #expect(try status(there.owner.user, in: here.app) == 401)
    #expect(try status(here.owner.user, in: there.app) == 401)
  }

  /// The columns.
  private enum Asker: CaseIterable {
    case guest, user, another, administrator, owner, stranger, ownerForStrangers, administratorForOwner

    /// Who asks, and what for.
    func request(in people: Community, _ stranger: Person) -> (Person?, [String: String]) {
      switch self {
      case .guest: (nil, people.user.values)
      case .user: (people.user, people.user.values)
      case .another: (people.another, people.user.values)
      case .administrator: (people.administrator, people.user.values)
      case .owner: (people.owner, people.user.values)
      case .stranger: (stranger, people.user.values)
      case .ownerForStrangers: (people.owner, stranger.values)
      case .administratorForOwner: (people.administrator, people.owner.values)
      }
    }
  }

  private static let unknown = ["accountid", "sessionid", "profileid", "reset-codeid"]

  /// What a word of the table stands for.
  private static let meanings: [String: [String]] = [
    "ok": ["200"], "in": ["401 Sign in required"], "rank": ["403 Administrator required"],
    "not": ["403 invalid-account"], "none": unknown.map { "404 invalid-\($0)" },
    "nobody": ["401 invalid-username"], "state": ["409 invalid-account"],
  ]

  private static var lines: [(verb: String, route: String, words: [String])] {
    roleTable.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      .filter { $0.count == Asker.allCases.count + 2 && $0[1].hasPrefix("/") }
      .map { (verb: $0[0], route: "/api\($0[1])", words: Array($0[2...])) }
  }
}

extension PreparedSite {
  /// Brings the user into the state that the route takes back, if it is one of those.
  ///
  /// - Returns: whether it is.
  @discardableResult func prepare(_ people: Community, for declaration: Declaration) throws -> Bool {
    if declaration.route.hasSuffix("/reset-account-deleted") {
      try delete(people.user, by: people.owner, in: people.app)
    } else if declaration.route.hasSuffix("/reset-account-administrator") {
      try promote(people.user, by: people.owner, in: people.app)
    } else {
      return false
    }
    return true
  }
}
