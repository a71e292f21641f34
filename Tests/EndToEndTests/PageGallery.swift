import TestSupport

/// Every page of a site, as a guest and as a signed-in person see it: empty, and with a problem.
struct PageGallery {
  let walk: PageWalk
  private let user: Site.User
  private let records: [String: String]

  /// - Parameter walk: the browser becomes that of a person with records of every kind.
  init(_ walk: PageWalk) throws {
    self.walk = walk
    _ = try walk.site.signUp("owner")
    let user = try walk.site.signUp("ada")
    self.user = user
    func create(_ name: String, _ form: KeyValuePairs<String, String>, _ id: String) throws -> String {
      let answer = try walk.site.request(
        "POST", "/api/user/\(name)?accountid=\(user.accountid)", form: form, as: user)
      guard let id = try answer.json[id]?.string else { throw TestFailure(answer.text) }
      return id
    }
    let long = "Ada Augusta King-Noel, Countess of Lovelace"
    _ = try create("create-profile", ["full-name": long, "contact-email": "ada@example.org"], "profileid")
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

  static let open = [
    "/account/signin", "/account/register", "/account/reset-account", "/account/restore-account",
  ]

  /// Paths of a signed-in person's pages.
  var paths: [String] {
    let plain = [
      "", "/change-username", "/change-password", "/sessions", "/end-all-sessions", "/profiles",
      "/create-profile",
      "/reset-codes", "/create-reset-code", "/delete-account", "/verify", "/signout", "/none",
    ]
    let ofRecords = [
      "/session?sessionid", "/end-session?sessionid", "/profile?profileid", "/edit-profile?profileid",
      "/set-default-profile?profileid", "/delete-profile?profileid", "/reset-code?codeid",
      "/delete-reset-code?codeid",
    ].map { "\($0)=\(records[String($0.split(separator: "?")[1])] ?? "")" }
    return (plain + ofRecords).map { "/account\($0)" }
  }

  /// Shows each page, and then its form with a problem.
  ///
  /// - Parameter look: gets the page's name, such as `signin-problem`.
  func visit(_ look: (_ name: String) throws -> Void) throws {
    let browser = walk.browser
    try browser.open("/account/signin")
    try browser.deleteCookies()
    for path in Self.open { try visit(path, submits: true, look) }
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
  }

  private func visit(_ path: String, submits: Bool, _ look: (_ name: String) throws -> Void) throws {
    let name = String(path.dropFirst(9).prefix { $0 != "?" })
    try walk.browser.open(path)
    try look(name.isEmpty ? "index" : name)
    guard submits else { return }
    try walk.browser.fill()
    try look("\(name)-problem")
  }
}
