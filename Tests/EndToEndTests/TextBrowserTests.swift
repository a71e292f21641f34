import Glibc
import TestSupport
import Testing

/// The pages in lynx, which shows text only, and in a strict parser of HTML.
@Suite("pages without a graphical browser")
struct TextBrowserTests {
  private static let isInstalled = access(Programs.lynx, X_OK) == 0

  /// Keys for lynx: its own names, or a text to type.
  private enum Key {
    case down(Int)
    case enter
    case text(String)

    var lines: [String] {
      switch self {
      case .down(let count): Array(repeating: "key Down Arrow", count: count)
      case .enter: ["key ^J"]
      case .text(let text): text.map { "key \($0)" }
      }
    }
  }

  /// How many links and fields stand before one.
  private static func place(_ page: HTTPResponse, _ isMeant: (Markup.Element) -> Bool) throws -> Int {
    let stops = try Markup(page.text).elements.filter {
      $0.name == "a" || $0.name == "button" || $0.name == "input" && $0["type"] != "hidden"
    }
    let place = stops.firstIndex(where: isMeant)
    return try #require(place)
  }

  @Test(
    "a person registers, signs out and signs in with lynx", .enabled(if: isInstalled),
    arguments: PageWalk.scenes)
  func walk(front: Front, width: Int) throws {
    let site = try Site(front, hasPort: true)
    // The first account has more links, as that of an administrator.
    _ = try site.signUp("owner")
    let other = try site.signUp("other")
    let register = try Self.place(site.request("GET", "/account/register")) { $0["name"] == "username" }
    let account = try site.request("GET", "/account", headers: [other.cookie])
    let leave = try Self.place(account) { $0["href"] == "/account/signout" }
    let signOut = try Self.place(site.request("GET", "/account/signout", headers: [other.cookie])) {
      $0["class"] == "primary"
    }
    let signIn = try Self.place(site.request("GET", "/account/signin")) { $0["name"] == "username" }
    // The button follows three choices.
    let keys: [Key] = [
      .down(register), .text("ada"), .down(1), .text("lynx1password"), .down(1), .enter, .down(leave), .enter,
      .down(signOut), .enter, .down(signIn), .text("ada"), .down(1), .text("lynx1password"), .down(4), .enter,
      .text("qy"),
    ]
    let directory = try TemporaryDirectory()
    try Files.write(keys.flatMap(\.lines).map { $0 + "\n" }.joined(), to: directory.path("keys"))
    let url = (site.base ?? "") + "/account/register"
    let ending = try ChildProcess.run(
      [
        "/usr/bin/script", "-qec",
        "\(Programs.lynx) -cmd_script=\(directory.path("keys")) -accept_all_cookies -nopause '\(url)'",
        "/dev/null",
      ], environment: ["HOME": directory.path, "TERM": "xterm"])
    let form: KeyValuePairs = ["username": "ada", "password": "lynx1password"]
    let session = try site.request("POST", "/api/user/create-session", form: form)
    #expect(session.status == 200, "\(session.text) \(ending.output.suffix(2000))")
    let user = try site.signIn("ada", password: "lynx1password")
    let list = try site.request("GET", "/api/user/sessions?accountid=\(user.accountid)", as: user)
    let agents = try list.json.array?.filter { $0["userAgent"]?.string?.hasPrefix("Lynx") == true } ?? []
    // The older one ended when the person signed out.
    #expect(agents.count == 2)
    #expect(agents.map { $0["endedAt"] != nil && $0["endedAt"] != .null } == [false, true])
  }

  @Test("lynx shows labels, problems and links apart", .enabled(if: isInstalled))
  func text() throws {
    let site = try Site(.fastcgi, hasPort: true)
    let dump = try ChildProcess.run(
      [Programs.lynx, "-dump", "-nolist", (site.base ?? "") + "/account/signin"],
      environment: ["TERM": "dumb"])
    for text in ["Sign in Register", "Username", "Password", "For 8 hours", "Password forgotten?"] {
      #expect(dump.output.contains(text), "\(text) in \(dump.output)")
    }
  }

  @Test("a strict parser of HTML finds no fault in any page, in any language")
  func markup() throws {
    let site = try Site(.fastcgi)
    let ada = try site.signUp("ada")
    let grace = try site.signUp("grace")
    let directory = try TemporaryDirectory()
    var count = 0
    func save(_ answer: HTTPResponse) throws {
      guard answer.status != 303 else { return }
      #expect(answer["Content-Type"] == "text/html; charset=utf-8")
      count += 1
      try Files.write(answer.body, to: directory.path("\(count).html"))
    }
    let names = [
      "", "/signin", "/register", "/signout", "/verify", "/change-username", "/change-password", "/sessions",
      "/session?sessionid=\(ada.sessionid)", "/end-session?sessionid=\(ada.sessionid)", "/end-all-sessions",
      "/profiles", "/create-profile", "/reset-codes", "/create-reset-code", "/reset-account",
      "/delete-account",
      "/restore-account", "/none",
    ].map { "/account\($0)" }
    let account = "accountid=\(grace.accountid)"
    let ofAdministrators = [
      "", "?days=365", "/accounts", "/administrators", "/deleted-accounts", "/sessions", "/profiles",
      "/reset-codes", "/account?\(account)", "/account-sessions?\(account)", "/account-profiles?\(account)",
      "/account-reset-codes?\(account)", "/session?sessionid=\(grace.sessionid)",
      "/create-reset-code?\(account)",
      "/schedule-account-delete?\(account)", "/restore-account?\(account)",
    ].map { "/administrator\($0)" }
    for language in ["en", "de"] {
      for path in names + ofAdministrators {
        for headers in [[ada.cookie], []] {
          let all = headers + [("Accept-Language", language)]
          try save(site.request("GET", path, headers: all))
          let hostile: KeyValuePairs = ["username": "\u{1}<b \"&amp;'>\u{FFFE}\u{85}", "password": "\u{0C}x"]
          try save(site.request("POST", path, form: hostile, headers: all))
        }
      }
    }
    #expect(count > 100)
    let script = """
      import glob, html5lib, sys
      for path in glob.glob(sys.argv[1] + "/*.html"):
        parser = html5lib.HTMLParser()
        document = open(path, "rb").read()
        parser.parse(document, transport_encoding="utf-8")
        for place, code, _ in parser.errors:
          print(code, place, document.decode().splitlines()[place[0] - 1][:300])
      """
    let checked = try ChildProcess.run([Programs.python, "-c", script, directory.path])
    #expect(checked.status == 0 && checked.output == "", "\(checked.output)\(checked.errors)")
  }
}
