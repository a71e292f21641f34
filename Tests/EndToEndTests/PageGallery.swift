import DashboardEndpoints
import DashboardRecords
import DashboardRouting
@testable import DashboardSite
import TestSupport
import Testing

/// Every page of a site, as a guest, a signed-in person and the owner see it: empty, and with a problem.
final class PageGallery {
  let walk: PageWalk
  private let user: Site.User
  /// The paths of the pages that were shown.
  private var shown: Set<String> = []
  private let records: [String: String]

  /// - Parameter walk: the browser becomes that of a person with records of every kind.
  init(_ walk: PageWalk) throws {
    self.walk = walk
    let owner = try walk.site.signUp("owner")
    try Self.fillPast(walk.site)
    let user = try walk.site.signUp("ada")
    self.user = user
    func create(
      _ name: String, _ form: KeyValuePairs<String, String>, _ id: String, as user: Site.User = user
    ) throws -> String {
      let answer = try walk.site.request(
        "POST", "/api/user/\(name)?accountid=\(user.accountid)", form: form, as: user)
      guard let id = try answer.json[id]?.string else { throw TestFailure(answer.text) }
      return id
    }
    let long = "Ada Augusta King-Noel, Countess of Lovelace"
    for person in [user, owner] {
      let profile: KeyValuePairs = ["full-name": long, "contact-email": "ada@example.org"]
      _ = try create("create-profile", profile, "profileid", as: person)
    }
    let profile = try create(
      "create-profile",
      [
        "full-name": String(repeating: "Wolfeschlegelsteinhausen", count: 2),
        "contact-email": "w@example.org",
      ],
      "profileid")
    let code = try create("create-reset-code", ["secret-code": "abcdefgh1"], "codeid")
    records = ["profileid": profile, "codeid": code, "sessionid": user.sessionid]
  }

  /// Weeks in which people registered and signed in, so that charts and lists have something to show.
  private static func fillPast(_ site: Site) throws {
    let now = SystemClock().now()
    for week in 0..<12 {
      let dashboard = try Dashboard(
        dataDirectory: site.data.path("data"), settings: ["BCRYPT_WORKLOAD_FACTOR": "4"],
        clock: FrontTests.FixedClock(moment: now.adding(seconds: Int64(week - 13) * 7 * 86_400)))
      let form = ["username": "person \(week)", "password": "password of a person"]
      _ = try dashboard.call(CreateAccount.self, posted: form)
      for _ in 0...(week * 7 % 5) { _ = try dashboard.call(CreateSession.self, posted: form) }
    }
  }

  static let open = [
    "/account/signin", "/account/register", "/account/reset-account", "/account/restore-account",
    "/account/signin-passkey",
  ]

  /// Paths of a signed-in person's pages.
  var paths: [String] {
    let plain = [
      "", "/change-username", "/change-password", "/sessions", "/end-all-sessions", "/profiles",
      "/create-profile",
      "/reset-codes", "/create-reset-code", "/delete-account", "/verify", "/signout", "/none",
      "/activity", "/new-device", "/export", "/two-factor", "/wrong-code",
    ]
    let ofRecords = [
      "/session?sessionid", "/end-session?sessionid", "/profile?profileid", "/edit-profile?profileid",
      "/set-default-profile?profileid", "/delete-profile?profileid", "/reset-code?codeid",
      "/delete-reset-code?codeid",
    ].map { "\($0)=\(records[String($0.split(separator: "?")[1])] ?? "")" }
    return (plain + ofRecords).map { "/account\($0)" }
  }

  /// Paths of an administrator's pages.
  var administratorPaths: [String] {
    let plain = [
      "", "?days=365", "/accounts", "/administrators", "/deleted-accounts", "/sessions", "/profiles",
      "/reset-codes", "/groups", "/none", "/create-account", "/invitations", "/create-invitation",
    ]
    let ofAccount = [
      "account", "account-sessions", "account-profiles", "account-reset-codes", "create-reset-code",
      "schedule-account-delete", "restore-account", "delete-account", "assign-administrator",
      "revoke-administrator", "transfer-ownership", "reset-session-key", "set-account-groups",
      "account-events", "suspend-account", "resume-account",
    ].map { "/\($0)?accountid=\(user.accountid)" }
    let ofRecords = [
      "session?sessionid", "end-session?sessionid", "profile?profileid", "reset-code?codeid",
      "delete-reset-code?codeid",
    ].map { "/\($0)=\(records[String($0.split(separator: "?")[1])] ?? "")" }
    return (plain + ofAccount + ofRecords).map { "/administrator\($0)" }
  }

  /// Shows each page, and then its form with a problem.
  ///
  /// - Parameter look: gets the page's name, such as `signin-problem`.
  func visit(_ look: @escaping (_ name: String) throws -> Void) throws {
    let browser = walk.browser
    let look: (String) throws -> Void = { [self] name in
      shown.insert(String(try browser.path.prefix { $0 != "?" }))
      try look(name)
    }
    try browser.open("/account/signin")
    try browser.deleteCookies()
    // The browser has no passkey yet.
    for path in Self.open { try visit(path, submits: path != "/account/signin-passkey", look) }
    try walk.signIn("ada")
    for path in paths {
      let isHarmless = ["/change", "/create-profile", "/delete-account", "/verify"].contains {
        path.contains($0)
      }
      try visit(path, submits: isHarmless, look)
    }
    try browser.open("/account/edit-profile?profileid=\(records["profileid"] ?? "")")
    try browser.fill(["full-name": ""])
    try look("edit-profile-problem")
    try browser.open("/account/create-reset-code")
    try browser.fill()
    try look("create-reset-code-shown")
    try browser.open("/account/delete-account")
    try browser.fill(["password": "password of ada"])
    try look("delete-account-done")
    try browser.fill(["username": "ada", "password": "password of ada"], at: "/account/restore-account")
    try look("signin-notice")
    try visitAdministrators(look)
    try visitFactors(look)
    let missing = Set(DashboardSite.Site.pages.map(\.path)).subtracting(shown)
    #expect(missing == [], "let the gallery visit these pages")
  }

  /// Two-step sign-in, by a person who has an authenticator app and a passkey in the end.
  private func visitFactors(_ look: (_ name: String) throws -> Void) throws {
    let browser = walk.browser
    try walk.signOut()
    try walk.register("cara")
    try visit("/account/set-up-authenticator-app", submits: false, look)
    try browser.fill()
    try look("confirm-authenticator-app")
    let app = try AuthenticatorApp(browser.text(of: "main code").filter { $0 != " " })
    try browser.fill(["code": "123"])
    try look("confirm-authenticator-app-problem")
    try browser.fill(["code": app.code(-1)])
    try look("recovery-codes-shown")
    let authenticator = try browser.add(.platform)
    try visit("/account/add-passkey", submits: false, look)
    try browser.fill()
    try look("two-factor-notice")
    try browser.open("/account/add-passkey")
    try browser.push("main form button")
    #expect(try eventually { try browser.text(of: "[data-passkey-known]") != "" })
    try look("add-passkey-problem")
    try browser.open("/account/two-factor")
    try browser.click("main a[href*='/passkey?']")
    try look("passkey")
    try browser.click("main a[href*='/remove-passkey?']")
    try look("remove-passkey")
    for path in ["/account/remove-authenticator-app", "/account/create-recovery-codes"] {
      try visit(path, submits: false, look)
    }
    try visit("/account/verify", submits: true, look)
    try walk.signOut()
    try visit("/account/reset-account", submits: true, look)
    try walk.signIn("cara")
    try look("second-step")
    try browser.type("123", into: "main [name=code]")
    try browser.click("main form button[type=submit]")
    try look("second-step-problem")
    try browser.click("[data-passkey-button]")
    try look("account-of-two-steps")
    try browser.removeAuthenticator(authenticator)
    try walk.signOut()
    try walk.signIn("owner")
    try browser.open("/administrator/accounts")
    try browser.click("main .actions a[href*='accountid=']")
    try browser.click("main a[href*='/remove-second-factors?']")
    try look("administrator-remove-second-factors")
  }

  private func visitAdministrators(_ look: (_ name: String) throws -> Void) throws {
    let browser = walk.browser
    // A person who is no administrator.
    try walk.signIn("ada")
    try browser.open("/administrator")
    try look("administrator-refused")
    try walk.signOut()
    try walk.signIn("owner")
    let account = "accountid=\(user.accountid)"
    let groups = "/administrator/set-account-groups?\(account)"
    try browser.fill(["groups": "Choir"], at: groups)
    try look("administrator-set-account-groups-problem")
    try browser.fill(["groups": "board, choir, people-of-the-summer-school-2026"], at: groups)
    for path in administratorPaths {
      try visit(path, submits: path == "/administrator/accounts", look)
    }
    for (text, name) in [("ada@example", "none"), ("ada@example.org", "several")] {
      try browser.fill(["search": text], at: "/administrator/accounts")
      try look("administrator-accounts-\(name)")
    }
    try browser.open("/administrator")
    try browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    try look("administrator-figures")
    try browser.fill(at: "/administrator/create-invitation")
    try look("administrator-create-invitation-shown")
    try browser.open("/administrator/invitations")
    for page in ["invitation", "delete-invitation"] {
      try browser.click("main a[href*='/\(page)?']")
      try look("administrator-\(page)")
    }
    try browser.fill(["username": "dora"], at: "/administrator/create-account")
    try look("administrator-create-account-shown")
    try browser.fill(["secret-code": "-"], at: "/administrator/create-reset-code?\(account)")
    try look("administrator-create-reset-code-problem")
    try browser.fill(["secret-code": "abcdefgh2"])
    try look("administrator-create-reset-code-shown")
    try browser.fill(at: "/administrator/schedule-account-delete?\(account)")
    try look("administrator-account-notice")
    try visit("/administrator/restore-account?\(account)", submits: false, look)
  }

  private func visit(_ path: String, submits: Bool, _ look: (_ name: String) throws -> Void) throws {
    let isOfAccount = path.hasPrefix("/account")
    let name =
      String(path.dropFirst(isOfAccount ? 9 : 1).prefix { $0 != "?" }).replacing("/", with: "-")
      + (path.hasSuffix("?days=365") ? "-year" : "")
    try walk.browser.open(path)
    try look(name.isEmpty ? "index" : name)
    guard submits else { return }
    try walk.browser.fill()
    try look("\(name)-problem")
  }
}
