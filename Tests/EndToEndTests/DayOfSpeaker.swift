import TestSupport

/// The site on which people sign in. Outcomes are `200 ACCOUNT`, `200`, or the status and the code of a refusal.
struct SpeakerTown: Sendable {
  let site: Site

  init(_ front: Front, _ settings: [String: String] = [:], data: TemporaryDirectory? = nil) throws {
    let limits = [
      "MAXIMUM_ATTEMPTS": "1000", "MAXIMUM_REGISTRATIONS": "10000", "USER_PROFILE_FIELDS": "full-name",
    ]
    site = try Site(front, settings: limits.merging(settings) { $1 }, data: data)
  }

  func send(
    _ method: String, _ route: String, as user: Site.User? = nil, _ form: KeyValuePairs<String, String>
  ) throws -> String {
    let answer = try site.request(method, "/api/user/\(route)", form: form, as: user)
    let account = answer.status == 200 ? try answer.json["accountid"]?.string : nil
    return try answer.verdict + (account.map { " \($0)" } ?? "")
  }

  func create(_ name: String, _ password: String) throws -> String {
    try send("POST", "create-account", ["username": name, "password": password])
  }

  func signIn(_ name: String, _ password: String) throws -> String {
    try send("POST", "create-session", ["username": name, "password": password])
  }

  func session(_ name: String, _ password: String) throws -> Site.User? {
    let form: KeyValuePairs = ["username": name, "password": password]
    let session = try site.request("POST", "/api/user/create-session", form: form).json
    guard let account = session["accountid"]?.string, let id = session["sessionid"]?.string,
      let token = session["token"]?.string
    else { return nil }
    return Site.User(accountid: account, sessionid: id, token: token)
  }
}

/// The day of one person.
struct DayOfSpeaker {
  let town: SpeakerTown
  let speaker: Speaker
  /// `200 ACCOUNT`, the outcome of what succeeds.
  let account: String
  /// What was not as the contract says.
  private(set) var faults: [String] = []

  init(town: SpeakerTown, speaker: Speaker, account: String) {
    (self.town, self.speaker, self.account) = (town, speaker, account)
  }

  private var spellings: [String] { [speaker.name] + speaker.spellings }
  private var spelling: String { speaker.spellings[0] }

  private mutating func expect(_ outcome: String, _ expected: String, _ step: String) {
    if outcome != expected { faults.append("\(step): \(outcome), not \(expected)") }
  }

  private mutating func session(_ password: String) throws -> Site.User {
    guard let session = try town.session(spelling, password) else { throw TestFailure("no session") }
    return session
  }

  mutating func signIn() throws {
    for (number, name) in spellings.enumerated() {
      let password = number % 2 == 0 ? speaker.typed : speaker.password
      try expect(town.signIn(name, password), account, "\(name) signs in")
      try expect(town.create(name, password), "409 duplicate-username", "\(name) is taken")
    }
    try expect(town.signIn(spelling, speaker.password), account, "\(spelling) signs in")
    try expect(town.signIn(spelling, speaker.wrong), "401 invalid-password", speaker.wrong)
  }

  mutating func meetLookAlikes() throws {
    for name in speaker.others {
      try expect(town.signIn(name, speaker.password), "401 invalid-username", "\(name) is another name")
    }
    // A line break of a file, an override of direction, a byte order mark, and a joiner that joins nothing.
    let hidden = [
      "\(speaker.name)\n", "\u{202E}\(speaker.name)", "\u{FEFF}\(speaker.name)", "\(speaker.name)\u{200C}",
    ]
    for name in hidden {
      try expect(town.create(name, speaker.password), "400 invalid-username", "hidden in \(name)")
    }
    try expect(town.signIn(hidden[0], speaker.password), "401 invalid-username", "a line break")
    try expect(town.create("any name", "\(speaker.password)\n"), "400 invalid-password", "a line break")
  }

  mutating func change() throws {
    let session = try session(speaker.typed)
    // The person is shown with the name that was typed into the profile, and no answer has the username.
    let profile = try town.site.request(
      "POST", "/api/user/create-profile?accountid=\(session.accountid)", form: ["full-name": speaker.name],
      as: session)
    let shown = try profile.json["fullName"]?.string ?? ""
    if !shown.unicodeScalars.elementsEqual(speaker.name.unicodeScalars) { faults.append("shown: \(shown)") }
    let read = try town.site.request("GET", "/api/user/account?accountid=\(session.accountid)", as: session)
    try expect(
      read.json.names.joined(separator: " "),
      "accountid object appid profileid sessionKeyNumber lastSignedInAt createdAt updatedAt", "account")

    let verify = "set-session-verified?sessionid=\(session.sessionid)"
    try expect(
      town.send("PATCH", verify, as: session, ["username": spelling, "password": speaker.password]),
      account,
      "verification")
    try expect(
      town.send("PATCH", verify, as: session, ["username": "owner", "password": "password of owner"]),
      "401 invalid-username", "verification by another")

    let (first, second) = ("\(speaker.typed)²", "\(speaker.password)²")
    let setPassword = "set-account-password?accountid=\(session.accountid)"
    try expect(
      town.send("PATCH", setPassword, as: session, ["new-password": second, "password": speaker.typed]),
      account, "a new password")
    for password in [first, second] { try expect(town.signIn(spelling, password), account, "the new one") }
    try expect(town.signIn(spelling, speaker.typed), "401 invalid-password", "the old one")
    try expect(
      town.send("PATCH", setPassword, as: session, ["new-password": speaker.typed, "password": first]),
      account,
      "the old one again")
  }

  mutating func rename() throws {
    let session = try session(speaker.password)
    let route = "set-account-username?accountid=\(session.accountid)"
    func rename(_ name: String) throws -> String {
      try town.send("PATCH", route, as: session, ["new-username": name, "password": speaker.typed])
    }
    try expect(rename("Ｏwner"), "409 duplicate-username", "another's name")
    try expect(rename("２ \(speaker.name)"), account, "a new name")
    try expect(town.signIn("2 \(spelling)", speaker.typed), account, "2 \(spelling)")
    try expect(town.signIn(spelling, speaker.typed), "401 invalid-username", "\(spelling) is given up")
    try expect(rename(spelling), account, "the old name again")
    try expect(town.signIn(speaker.name, speaker.typed), account, "\(speaker.name) again")
  }

  mutating func recover() throws {
    let session = try session(speaker.typed)
    let owned = "?accountid=\(session.accountid)"
    try expect(
      town.send("POST", "create-reset-code\(owned)", as: session, ["secret-code": "forgotten1"]), account,
      "a code")
    func reset(_ name: String) throws -> String {
      try town.send(
        "PATCH", "reset-account-password",
        ["username": name, "new-password": speaker.password, "secret-code": "forgotten1"])
    }
    try expect(reset("OWNER"), "401 invalid-reset-code", "a code for another")
    try expect(reset(spelling), "200", "a code for \(spelling)")
    let last = try self.session(speaker.typed)
    try expect(
      town.send("PATCH", "set-account-deleted\(owned)", as: last, ["password": speaker.typed]), account,
      "leaving")
    try expect(town.signIn(spelling, speaker.typed), "409 account-deleted", "\(spelling) has left")
    func comeBack(_ password: String) throws -> String {
      try town.send("PATCH", "reset-account-deleted", ["username": spelling, "password": password])
    }
    try expect(comeBack(speaker.wrong), "401 invalid-password", speaker.wrong)
    try expect(comeBack(speaker.password), account, "\(spelling) comes back")
    try expect(town.signIn(spelling, speaker.typed), account, "\(spelling) is back")
  }
}
