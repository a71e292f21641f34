import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import Glibc
import Synchronization
import TestSupport

/// A site with any number of apps. This process makes their people: quickly, and at any time in the past.
/// The header `X-App` of a request names its app.
final class PreparedSite: Sendable {
  let site: Site
  let dashboard: Dashboard
  let clock = ShiftedClock()
  private let made = Atomic(0)

  static let settings = [
    "BCRYPT_WORKLOAD_FACTOR": "4", "REQUIRE_PROFILE": "true", "MAXIMUM_POST_DATA_LENGTH": "65536",
    "USER_PROFILE_FIELDS": ProfileField.allCases.map(\.name).joined(separator: ","),
    "MINIMUM_PROFILE_FULL_NAME_LENGTH": "2", "MINIMUM_PROFILE_DISPLAY_NAME_LENGTH": "2",
    "MINIMUM_PROFILE_COMPANY_NAME_LENGTH": "2", "MAXIMUM_ATTEMPTS": "1000000",
  ]

  init(_ front: Front) throws {
    // Apache may give this directory to another user, so it must exist first.
    let data = try TemporaryDirectory()
    dashboard = try Dashboard(dataDirectory: data.path("data"), settings: Self.settings, clock: clock)
    try Files.makeDirectory(data.path("data/apps"))
    site = try Site(
      front, settings: Self.settings, app: .header, data: data)
  }

  /// The name of a new app without accounts.
  ///
  /// - Parameter settings: the lines of the app's own file.
  func newApp(settings: String? = nil) throws -> AppName {
    let number = made.wrappingAdd(1, ordering: .relaxed).newValue
    guard let app = AppName("app-\(number)") else { throw TestFailure("no name") }
    if let settings {
      let path = site.data.path("data/apps/\(app).conf")
      try Files.write(settings, to: path)
      // Apache's programs may run as another user.
      guard chmod(path, 0o644) == 0 else { throw TestFailure(system: "chmod \(path)") }
    }
    return app
  }

  /// A new app with its people.
  func community() throws -> Community {
    let app = try newApp()
    let owner = try person("owner", in: app)
    let administrator = try person("administrator", in: app)
    try promote(administrator, by: owner, in: app)
    return Community(
      app: app, owner: owner, administrator: administrator, user: try person("user", in: app),
      another: try person("another", in: app))
  }

  /// A new person with a session, a second profile and a reset code. A new parameter of the API needs a value here.
  ///
  /// - Parameter hasProposal: true if an authenticator app waits for its first code.
  func person(
    _ username: String, in app: AppName, hasProfile: Bool = true, hasCode: Bool = true,
    hasProposal: Bool = true
  ) throws -> Person {
    let profile = Person.profile.merging(["full-name": "Name of \(username)"]) { $1 }
    let credentials = ["username": username, "password": "password of \(username)"]
    let account = try dashboard.call(
      CreateAccount.self, app: app, posted: credentials.merging(profile) { $1 })
    let session = try signIn(username, in: app)
    var values = [
      "accountid": "\(account.accountid)", "sessionid": "\(session.sessionid)", "remember": "hours",
      "new-username": "new \(username)", "new-password": "new password", "secret-code": "secretOf\(username)",
      "keys": "accounts-created/total", "setup-code": "not needed", "invitation-code": "", "uses": "2",
      "days": "3", "groups": "editors, family", "group": "",
      "reason": "Streit mit \(username)", "note": "for \(username)", "purpose": "sign-in",
      "passkey-name": "key of \(username)",
    ].merging(credentials) { $1 }.merging(profile) { $1 }
    let own = ["accountid": "\(account.accountid)"]
    if hasProfile {
      let profile = try dashboard.call(CreateProfile.self, app: app, query: own, posted: values, as: session)
      values["profileid"] = "\(profile.profileid)"
    }
    if hasCode {
      let code = try dashboard.call(
        CreateResetCode.self, app: app, query: own, posted: values, as: session, from: .trusted)
      values["codeid"] = "\(code.codeid)"
    }
    // Only administrators make invitations, so a person's is made in the store.
    let invitation = try dashboard.services.store.write(app) { change in
      try change.insert(
        Invitation(
          appid: app, accountid: account.accountid, codeHash: Array(repeating: 0, count: 64), uses: 1,
          expiresAt: account.createdAt.adding(seconds: 86_400), groups: ["editors"], note: "for \(username)",
          createdAt: account.createdAt), of: account)
    }
    values["invitationid"] = "\(invitation.invitationid)"
    let proposal =
      hasProposal ? try dashboard.call(CreateTOTP.self, app: app, query: own, as: session) : nil
    return Person(
      session: session, defaultProfile: account.profileid.map { "\($0)" } ?? "", values: values,
      authenticator: try proposal.map(AuthenticatorApp.init))
  }

  func signIn(_ username: String, in app: AppName) throws -> Session {
    try dashboard.call(
      CreateSession.self, app: app,
      posted: ["username": username, "password": "password of \(username)", "remember": "days"],
      from: .address("192.0.2.1", userAgent: "the test"))
  }

  func promote(_ person: Person, by owner: Person, in app: AppName) throws {
    _ = try dashboard.call(
      Administrator.SetAccountAdministrator.self, app: app, query: person.account, as: owner.session)
  }

  /// Schedules the deletion of an account. Its sessions end.
  func delete(_ person: Person, by owner: Person, in app: AppName) throws {
    _ = try dashboard.call(
      Administrator.SetAccountDeleted.self, app: app, query: person.account, as: owner.session)
  }

  /// Suspends an account. Its sessions end.
  func suspend(_ person: Person, by owner: Person, in app: AppName) throws {
    _ = try dashboard.call(
      Administrator.SetAccountSuspended.self, app: app, query: person.account,
      posted: ["reason": "a quarrel"], as: owner.session)
  }
}

extension PreparedSite {
  /// Sets up the authenticator app of a person, unless it is set up already.
  func enrol(_ person: Person, in app: AppName) throws {
    let factors = try dashboard.call(
      ReadSecondFactors.self, app: app, query: person.account, as: person.session)
    if factors.isEnrolled { return }
    _ = try dashboard.call(
      SetTOTPConfirmed.self, app: app, query: person.account,
      posted: ["code": person.authenticator?.code() ?? ""],
      as: person.session)
  }

  /// Requires a second factor in an app that only this process has opened. The server opens it later, and has these settings.
  ///
  /// - Parameter settings: the other lines of the app's own file.
  func requireSecondFactor(_ settings: String, in app: AppName) throws {
    try Files.write(settings + "SECOND_FACTOR=required\n", to: site.data.path("data/apps/\(app).conf"))
  }

  /// The person with a passkey, which was made and used through the web server.
  func withPasskey(_ person: Person) throws -> Person {
    let contract = Contract(site: site)
    var device = PasskeyDevice(person.user.accountid)
    let person = try contract.addPasskey(of: &device, to: person)
    try contract.verify(person, by: &device)
    return person
  }

  /// Brings the user into the state that a route takes back or lists, and the owner where a request names a passkey. A new route of this
  /// kind needs a line here.
  ///
  /// - Returns: true if the route takes a state back.
  @discardableResult func prepare(_ people: inout Community, for declaration: Declaration) throws -> Bool {
    if declaration.route == "/api/user/reset-account-deleted" {
      _ = try dashboard.call(
        SetAccountDeleted.self, app: people.app, query: people.user.account, posted: people.user.credentials,
        as: people.user.session, from: .trusted)
    } else if declaration.route.hasSuffix("/reset-account-deleted") {
      try delete(people.user, by: people.owner, in: people.app)
    } else if declaration.route.hasSuffix("/reset-account-suspended") {
      try suspend(people.user, by: people.owner, in: people.app)
    } else if declaration.route.hasSuffix("/reset-account-administrator") {
      try promote(people.user, by: people.owner, in: people.app)
    } else if [
      "/second-factors", "/delete-totp", "/create-recovery-codes", "/delete-second-factors",
    ].contains(
      where: declaration.route.hasSuffix)
    {
      try enrol(people.user, in: people.app)
    } else if ["/passkey", "/passkeys", "/passkeys-count", "/delete-passkey"].contains(
      where: declaration.route.hasSuffix)
    {
      (people.user, people.owner) = (try withPasskey(people.user), try withPasskey(people.owner))
    } else {
      if declaration.route.hasSuffix("/groups") {
        _ = try dashboard.call(
          Administrator.SetAccountGroups.self, app: people.app, query: people.user.account,
          posted: ["groups": "editors"], as: people.owner.session)
      }
      return false
    }
    return true
  }
}

/// The people of one app.
struct Community: Sendable {
  let app: AppName
  var owner: Person
  let administrator: Person
  var user: Person
  let another: Person
}

struct Person: Sendable {
  var session: Session
  let defaultProfile: String
  /// A right value for every parameter of every route. The profile is the second one, and the session is `session`. `Contract.values` adds
  /// the answer of an authenticator. A passkey's identifier is there if the person has one.
  var values: [String: String]
  /// An authenticator app that waits for its first code, or has been set up; `nil` if there is none.
  var authenticator: AuthenticatorApp?

  var account: [String: String] { values.filter { $0.key == "accountid" } }

  var user: Site.User {
    Site.User(
      accountid: "\(session.accountid)", sessionid: "\(session.sessionid)", token: session.token ?? "")
  }

  /// The values of a request that succeeds: the person's own, with a free username for a registration, and with the
  /// first of several alternatives.
  func values(for declaration: Declaration) -> [String: String] {
    let isRegistration = declaration.route.hasSuffix("/create-account")
    let others = declaration.parameters.filter(\.isAlternative).dropFirst().map(\.name)
    // Only a request that sets an authenticator app up must have a code.
    let code = declaration.parameters.posted("code")?.isRequired == true ? authenticator?.code() : nil
    return (isRegistration ? values.merging(["username": "new name"]) { $1 } : values)
      .merging(code.map { ["code": $0] } ?? [:]) { $1 }
      .filter { !others.contains($0.key) }
  }

  /// The person with another session.
  func with(_ session: Session) -> Person {
    var person = self
    person.session = session
    return person
  }

  /// All ten fields.
  static let profile = [
    "full-name": "Ada Lovelace", "display-name": "Ada", "company-name": "Analytical Engines",
    "contact-email": "ada@example.org", "display-email": "ada@example.com", "dob": "1815-12-10",
    "phone": "+44 20 7946 0000", "occupation": "Mathématicienne", "location": "London & Ockham",
    "website": "https://example.org/?ada=1",
  ]
}

/// The system's clock with an offset.
final class ShiftedClock: TimeSource {
  private let seconds = Atomic<Int64>(0)

  func now() -> Timestamp {
    SystemClock().now().adding(seconds: seconds.load(ordering: .sequentiallyConsistent))
  }

  func shift(seconds: Int64) { self.seconds.store(seconds, ordering: .sequentiallyConsistent) }
}
