import TestSupport
import Testing

/// nginx guards parts of an application for groups.
@Suite("guarding for groups")
struct GroupGuardTests {
  /// A site with Ada, who edits, Bob of the board, and Cleo, who is in no group.
  private struct Club {
    let guarded: GuardedSite
    let owner: Site.User
    let ada: Site.User
    let bob: Site.User
    let cleo: Site.User
    private var site: Site { guarded.site }

    init(
      _ front: Front = .fastcgi, more: String = "", places: [(location: String, lines: String)] = []
    ) throws {
      guarded = try GuardedSite(front, more: more, places: places)
      let site = guarded.site
      owner = try site.signUp("owner")
      (ada, bob, cleo) = (try site.signUp("ada"), try site.signUp("bob"), try site.signUp("cleo"))
      try set("editors,family", of: ada)
      try set("board", of: bob)
    }

    func set(_ groups: String, of user: Site.User) throws {
      let route = "/api/administrator/set-account-groups?accountid=\(user.accountid)"
      let answer = try site.request("PATCH", route, form: ["groups": groups], as: owner)
      #expect(answer.status == 200, "\(answer.text)")
    }

    /// What Ada, Bob, Cleo and a guest get.
    func statuses(_ path: String) throws -> [Int] {
      try [ada, bob, cleo, nil].map { try site.request("GET", path, as: $0).status }
    }

    func request(_ path: String, as user: Site.User?, headers: [(String, String)] = []) throws -> HTTPResponse
    {
      try site.request("GET", path, as: user, headers: headers)
    }

    /// The program's lines about configurations that let no user pass.
    var faults: Int {
      (site.responder?.process.errors ?? "").split(separator: "\n").count {
        $0.contains("the web server asks for")
      }
    }
  }

  private static let lines = "include dashboard/group;"
  private static func lines(_ groups: String) -> String { "set $dashboard_group \(groups); \(lines)" }
  private static let none = [403, 403, 403, 401]

  private func groups(_ answer: HTTPResponse) throws -> String? {
    try answer.json["headers"]?["x-groups"]?.string
  }

  @Test(
    "members of one of the groups pass, other users get 403, and guests sign in", arguments: Front.allCases)
  func members(front: Front) throws {
    let club = try Club(
      front,
      places: [
        ("/editors/", Self.lines("editors")), ("/two/", Self.lines("board,editors")),
        ("/spaced/", Self.lines("\" family , choir \"")),
        ("/after/", "\(Self.lines) set $dashboard_group board;"),
        ("/partly/", Self.lines("unknown,board")),
      ])
    #expect(try club.statuses("/editors/x") == [200, 403, 403, 401])
    #expect(try club.statuses("/two/") == [200, 200, 403, 401])
    #expect(try club.statuses("/spaced/") == [200, 403, 403, 401])
    #expect(try club.statuses("/after/") == [403, 200, 403, 401])
    #expect(try club.statuses("/partly/") == [403, 200, 403, 401])
    let answer = try club.request("/editors/", as: club.ada)
    #expect(try groups(answer) == "editors,family")
    #expect(try answer.json["headers"]?["x-accountid"]?.string == club.ada.accountid)
    // Every guarded location tells the groups.
    #expect(try groups(club.request("/", as: club.ada)) == "editors,family")
    #expect(try groups(club.request("/", as: club.cleo)) == nil)
    // The next request knows a change.
    try club.set("board", of: club.ada)
    #expect(try club.statuses("/editors/") == [403, 403, 403, 401])
    #expect(try club.statuses("/two/") == [200, 200, 403, 401])
  }

  @Test("a refused user gets a page or JSON, and a guest who navigates the sign-in page")
  func refusals() throws {
    let club = try Club(
      places: [
        ("/editors/", Self.lines("editors")),
        ("/own/", "error_page 403 /public/own; \(Self.lines("editors"))"),
        ("/cors/", "include dashboard/preflight; \(Self.lines("editors"))"),
      ])
    let refused = try club.request("/editors/", as: club.bob)
    #expect(try refused.verdict == "403 group-required")
    #expect(refused["Cache-Control"] == "no-store")
    let page = try club.request("/editors/", as: club.bob, headers: GuardedSite.navigation)
    #expect(page.status == 403 && page.text.hasPrefix("<!DOCTYPE html>"))
    let guest = try club.request("/editors/?a=b", as: nil, headers: GuardedSite.navigation)
    #expect(guest.status == 302 && guest["Location"] == "/sign-in?return-url=/editors/%3Fa%3Db")
    for method in ["POST", "PUT", "DELETE"] {
      let site = club.guarded.site
      #expect(try site.request(method, "/editors/", as: club.bob, body: Array("a=b".utf8)).status == 403)
      #expect(try site.request(method, "/editors/", as: club.ada, body: Array("a=b".utf8)).status == 200)
    }
    let own = try club.request("/own/", as: club.bob)
    #expect(try own.status == 403 && own.json["path"]?.string == "/public/own")
    #expect(try groups(own) == nil)
    let preflight = [("Origin", "https://app.example"), ("Access-Control-Request-Method", "PUT")]
    let passed = try club.guarded.site.request("OPTIONS", "/cors/", as: club.ada, headers: preflight)
    #expect(try passed.status == 200 && groups(passed) == nil)
    #expect(try club.statuses("/cors/") == [200, 403, 403, 401])
    #expect(club.faults == 0)
  }

  @Test("an empty, missing, malformed or unknown list lets no user pass, with one line in the error log")
  func faults() throws {
    let lists = [
      "\"\"", "\" \"", ",", "editors,", "Editors", "\"editors family\"", "editors|family", "*", "unknown",
      "editor", "$dashboard_groups", "\"editors\\nfamily\"",
    ]
    var places = lists.enumerated().map { (location: "/list\($0.offset)/", lines: Self.lines($0.element)) }
    places.append(("/missing/", Self.lines))
    places.append(("/misspelt/", "set $dashboard_groups editors; \(Self.lines)"))
    let club = try Club(places: places)
    for (number, place) in places.enumerated() {
      #expect(try club.request(place.location, as: club.ada).status == 403, "\(place)")
      #expect(eventually { club.faults == number + 1 }, "\(place)")
    }
    let before = club.faults
    #expect(try club.statuses("/missing/") == Self.none)
    #expect(eventually { club.faults == before + 3 })
  }

  @Test("a nested location needs both lines again: without its own list it lets no user pass")
  func nested() throws {
    let club = try Club(
      places: [
        (
          "/outer/",
          """
          \(Self.lines("editors"))
          location /outer/both/ { \(Self.lines("board")) proxy_pass @APPLICATION@; }
          location /outer/neither/ { proxy_pass @APPLICATION@; }
          location /outer/include/ { \(Self.lines) proxy_pass @APPLICATION@; }
          location /outer/list/ { set $dashboard_group board; proxy_pass @APPLICATION@; }
          location /outer/users/ { include dashboard/signed-in; proxy_pass @APPLICATION@; }
          location ~ \\.pdf$ { proxy_pass @APPLICATION@; }
          """
        )
      ])
    #expect(try club.statuses("/outer/") == [200, 403, 403, 401])
    #expect(try club.statuses("/outer/both/") == [403, 200, 403, 401])
    #expect(try club.statuses("/outer/users/") == [200, 200, 200, 401])
    // nginx inherits the question and not the list.
    for path in ["/outer/neither/", "/outer/include/", "/outer/x.pdf"] {
      #expect(try club.statuses(path) == Self.none, "\(path)")
    }
    #expect(try club.statuses("/outer/list/") == [403, 200, 403, 401])
  }

  @Test("a named location of try_files asks for its own list")
  func tryFiles() throws {
    let files = "root /nonexistent; try_files $uri"
    let club = try Club(
      more: """
        location /both/ { \(Self.lines("editors")) \(files) @both; }
        location @both { \(Self.lines("editors")) proxy_pass @APPLICATION@; }
        location /other/ { \(Self.lines("editors")) \(files) @other; }
        location @other { \(Self.lines("family,board")) proxy_pass @APPLICATION@; }
        location /open/ { \(files) @guarded; }
        location @guarded { \(Self.lines("board")) proxy_pass @APPLICATION@; }
        location /half/ { \(Self.lines("editors")) \(files) @half; }
        location @half { \(Self.lines) proxy_pass @APPLICATION@; }
        location /users/ { \(Self.lines("editors")) \(files) @users; }
        location @users { include dashboard/signed-in; proxy_pass @APPLICATION@; }
        location /path/ { \(Self.lines("editors")) \(files) /users/page; }

        """)
    #expect(try club.statuses("/both/") == [200, 403, 403, 401])
    #expect(try groups(club.request("/both/", as: club.ada)) == "editors,family")
    #expect(try club.statuses("/other/") == [200, 403, 403, 401])
    #expect(try club.statuses("/open/") == [403, 200, 403, 401])
    #expect(try club.statuses("/half/") == Self.none)
    #expect(try club.statuses("/users/") == [200, 403, 403, 401])
    #expect(try club.statuses("/path/") == [200, 403, 403, 401])
  }

  @Test("a list that another location has left after an internal redirect does not count")
  func left() throws {
    let missing = "root /nonexistent; error_page 404 ="
    let club = try Club(
      more: """
        location /from/group/ { \(Self.lines("editors")) \(missing) /bare/; }
        location /from/users/ { set $dashboard_group editors; include dashboard/signed-in; \(missing) /bare/; }
        location /from/forbidden/ { set $dashboard_group choir; error_page 403 = /bare/; \(Self.lines) }
        location /to/board/ { \(Self.lines("editors")) \(missing) /board/; }
        location /from/open/ { include dashboard/anybody; \(missing) /board/; }
        location /renamed/ { rewrite ^/renamed/(.*)$ /board/$1 last; }

        """,
      places: [("/bare/", Self.lines), ("/board/", Self.lines("board"))])
    #expect(try club.statuses("/bare/") == Self.none)
    for path in ["/from/group/x", "/from/users/x", "/from/forbidden/x"] {
      #expect(try club.statuses(path) == Self.none, "\(path)")
    }
    // A location with both lines asks for its own list, wherever the request comes from.
    #expect(try club.statuses("/to/board/x") == Self.none)
    try club.set("editors,board", of: club.ada)
    #expect(try club.statuses("/to/board/x") == [200, 403, 403, 401])
    for path in ["/from/open/x", "/renamed/x"] {
      #expect(try club.statuses(path) == [200, 200, 403, 401], "\(path)")
    }
  }

  @Test("a client's own X-Groups reaches no application")
  func forged() throws {
    let club = try Club(places: [("/editors/", Self.lines("editors"))])
    let forged = [("X-Groups", "board"), ("x-groups", "editors"), ("X_Groups", "board")]
    #expect(try groups(club.request("/editors/", as: club.ada, headers: forged)) == "editors,family")
    #expect(try club.request("/editors/", as: club.bob, headers: forged).status == 403)
    for user in [club.cleo, nil] {
      let answer = try club.request("/public/", as: user, headers: forged)
      #expect(try answer.status == 200 && groups(answer) == nil)
    }
    let cleo = try club.request("/", as: club.cleo, headers: forged)
    #expect(try cleo.status == 200 && groups(cleo) == nil)
  }
}
