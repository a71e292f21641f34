import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// The apps, people and sessions that provocations need.
struct Cast {
  let contract: Contract
  let app: AppName
  /// An app and its user for each place.
  private var places: [Provocation.Place: (app: AppName, user: Person)] = [:]
  let owner: Person
  let administrator: Person
  let user: Person
  let another: Person
  let crowdedUser: Person
  /// Has an authenticator app, and another one that waits for its first code.
  let protectedUser: Person
  /// The same, with a verification five hours ago.
  let oldProtectedUser: Person
  /// Has as many passkeys as an account may have.
  let ladenUser: Person
  /// The answer of a passkey with which the user of the place `keyed` has signed in.
  let usedAnswer: String
  /// The deletion of these two accounts is scheduled.
  let deleted: Person
  let deletedAdministrator: Person
  let suspended: Person
  /// An account without a password.
  let madeForAnother: [String: String]
  /// These two sessions are the user's.
  let olderSession: String
  let endedSession: String
  /// Sessions with a verification five hours ago.
  let oldProofs: [AccountID: Session]
  /// Administrators' sessions that do not sign in: ended, expired, of a deleted account, of a suspended one, of another app.
  let deadSessions: [Session]
  private let site: PreparedSite

  init(_ site: PreparedSite) throws {
    self.site = site
    contract = Contract(site: site.site)
    let community = try site.community()
    app = community.app
    (owner, administrator) = (community.owner, community.administrator)
    (user, another) = (community.user, try site.withPasskey(community.another))
    places[.ordinary] = (app, user)
    places[.plain] = (app, user)
    let unclaimed = "SETUP_CODE=the code\nDISABLE_REGISTRATION=true\n"
    places[.unclaimed] = (try site.newApp(settings: unclaimed), user)
    let besieged = try site.newApp(settings: unclaimed + "MAXIMUM_ATTEMPTS=1\n")
    places[.besieged] = (besieged, user)
    places[.closed] = (try site.newApp(settings: "DISABLE_REGISTRATION=true\n"), user)
    let concealing = try site.newApp(settings: "CONCEAL_ACCOUNTS=true\n")
    places[.concealing] = (concealing, try site.person("user", in: concealing))
    let strict = try site.newApp(settings: "REFUSE_COMMON_PASSWORDS=true\n")
    places[.strict] = (strict, try site.person("user", in: strict))
    let locked = try site.newApp(settings: "MAXIMUM_ATTEMPTS=1\n")
    let lockedUser = try site.person("user", in: locked)
    places[.locked] = (locked, lockedUser)
    let crowded = try site.newApp(settings: "MAXIMUM_REGISTRATIONS=1\n")
    crowdedUser = try site.person("user", in: crowded)
    places[.crowded] = (crowded, crowdedUser)
    let full = try site.newApp(settings: "MAXIMUM_RECORDS=2\n")
    places[.full] = (full, try site.person("user", in: full, hasProposal: false))
    let withFactor = "MAXIMUM_FACTOR_ATTEMPTS=20\n"
    let protected = try site.newApp(settings: withFactor)
    protectedUser = try site.person("user", in: protected)
    places[.protected] = (protected, protectedUser)
    try site.enrol(protectedUser, in: protected)
    site.clock.shift(seconds: -5 * 3600)
    let old = try site.dashboard.call(
      CreateSession.self, app: protected,
      posted: protectedUser.credentials.merging([
        "remember": "days", "code": protectedUser.authenticator?.code(at: site.clock.now()) ?? "",
      ]) { $1 })
    oldProtectedUser = protectedUser.with(old)
    site.clock.shift(seconds: 0)
    _ = try site.dashboard.call(
      CreateTOTP.self, app: protected, query: protectedUser.account, as: protectedUser.session)
    try site.requireSecondFactor(withFactor, in: protected)
    let exhausted = try site.newApp(settings: "MAXIMUM_FACTOR_ATTEMPTS=1\n")
    let exhaustedUser = try site.person("user", in: exhausted)
    places[.exhausted] = (exhausted, exhaustedUser)
    try site.enrol(exhaustedUser, in: exhausted)
    let keyed = try site.newApp(settings: withFactor)
    var keyedUser = try site.person("user", in: keyed)
    try site.requireSecondFactor(withFactor, in: keyed)
    var device = PasskeyDevice("device")
    keyedUser = try contract.addPasskey(of: &device, to: keyedUser)
    places[.keyed] = (keyed, keyedUser)
    let challenge = try contract.call(
      "/api/user/create-passkey-challenge", keyedUser.values, as: nil, in: keyed)
    usedAnswer = device.assertion(for: try challenge.json)
    let use = ["credential": usedAnswer]
    #expect(try contract.call("/api/user/create-session", use, as: nil, in: keyed).status == 200)
    let laden = try site.newApp()
    var ladenUser = try site.person("user", in: laden)
    for number in 1...20 {
      var device = PasskeyDevice("device \(number)")
      ladenUser = try contract.addPasskey(of: &device, to: ladenUser)
    }
    self.ladenUser = ladenUser
    places[.laden] = (laden, ladenUser)
    deleted = try site.person("deleted", in: app)
    deletedAdministrator = try site.person("retired", in: app)
    try site.promote(deletedAdministrator, by: owner, in: app)
    for person in [deleted, deletedAdministrator] { try site.delete(person, by: owner, in: app) }
    suspended = try site.person("suspended", in: app)
    try site.suspend(suspended, by: owner, in: app)
    let made = try site.dashboard.call(
      Administrator.CreateAccount.self, app: app, posted: ["username": "guest"], as: administrator.session)
    madeForAnother = ["accountid": "\(made.accountid)"]
    olderSession = "\(try site.signIn("user", in: app).sessionid)"
    let ended = try site.signIn("user", in: app)
    _ = try site.dashboard.call(SetCurrentSessionEnded.self, app: app, as: ended)
    endedSession = "\(ended.sessionid)"
    site.clock.shift(seconds: -5 * 3600)
    oldProofs = [
      user.session.accountid: try site.signIn("user", in: app),
      administrator.session.accountid: try site.signIn("administrator", in: app),
    ]
    site.clock.shift(seconds: -31 * 86_400)
    let expired = try site.signIn("administrator", in: app)
    site.clock.shift(seconds: 0)
    let endedByHand = try site.signIn("administrator", in: app)
    _ = try site.dashboard.call(SetCurrentSessionEnded.self, app: app, as: endedByHand)
    deadSessions = [
      endedByHand, expired, deletedAdministrator.session, suspended.session,
      try site.community().owner.session,
    ]
    for _ in 0..<10 {
      let guess = ["setup-code": "wrong"]
      #expect(try contract.call("/api/user/create-account", guess, as: nil, in: besieged).status == 403)
    }
    let guess = ["username": "user", "password": "wrong password"]
    #expect(try contract.call("/api/user/create-session", guess, as: nil, in: locked).status == 401)
    // Attempts in a session have counters of their own.
    let ownGuess = lockedUser.values.merging(guess) { $1 }
    #expect(
      try contract.call("/api/user/set-session-verified", ownGuess, as: lockedUser.user, in: locked).status
        == 401)
    let newcomer = user.values.merging(["username": "newcomer"]) { $1 }
    #expect(try contract.call("/api/user/create-account", newcomer, as: nil, in: crowded).status == 200)
    let wrong = exhaustedUser.credentials.merging(["code": AuthenticatorApp.wrongCode]) { $1 }
    #expect(try contract.call("/api/user/create-session", wrong, as: nil, in: exhausted).status == 401)
    let inSession = exhaustedUser.values.merging(wrong) { $1 }
    #expect(
      try contract.call("/api/user/set-session-verified", inSession, as: exhaustedUser.user, in: exhausted)
        .status == 401)
    let code = try contract.call(
      "/api/user/create-reset-code", crowdedUser.values, as: crowdedUser.user, in: crowded)
    #expect(code.status == 200)
  }

  /// Sends a request with the faults of a provocation, and expects its exception.
  ///
  /// - Parameters:
  ///   - faults: replace those of the provocation.
  ///   - missing: parameters to leave out.
  func provoke(
    _ provocation: Provocation, of declaration: Declaration, faults: [String: String]? = nil,
    leavingOut missing: Set<String> = []
  ) throws {
    guard let exception = declaration.exceptions.first(where: { $0.label == provocation.exception }) else {
      Issue.record(
        """
        \(declaration.route) does not declare `\(provocation.exception)`: declare it in Sources/API, or remove its \
        provocation from Tests/EndToEndTests/ContractProvocations.swift
        """)
      return
    }
    guard let (app, user) = places[provocation.place] else {
      throw TestFailure("Tests/EndToEndTests/ContractCast.swift has no app for \(provocation.place)")
    }
    let caller =
      switch declaration.access.role {
      case .anyone: provocation.caller
      case .signedIn: provocation.caller ?? user
      case .administrator: provocation.caller ?? administrator
      }
    let values = try contract.values(of: user, for: declaration).merging(faults ?? provocation.changes) { $1 }
      .filter { !missing.contains($0.key) }
    let answer = try contract.call(
      declaration, values, as: caller?.user, in: app,
      host: provocation.place == .plain ? "dashboard.test" : Contract.host)
    var members = [("object", "error"), ("message", exception.code)]
    if let field = exception.field { members.append(("field", field)) }
    members.append(("detail", provocation.detail ?? exception.circumstances))
    var texts = members.map { "\"\($0)\":\"\($1)\"" }
    if exception.code == "second-factor-required" {
      texts.insert("\"factors\":[\"totp\",\"recovery-code\"]", at: texts.count - 1)
    }
    let expected = texts.joined(separator: ",")
    let isProvoked = answer.status == exception.status && answer.text == "{\(expected)}"
    #expect(
      isProvoked,
      """
      the provocation of `\(provocation.exception)` for \(declaration.route) gets \(answer.status) \(answer.text) \
      instead of {\(expected)}: correct it in Tests/EndToEndTests/ContractProvocations.swift, or the order of checks in \
      the endpoint
      """)
    // A sign-in waits for its second factor by a cookie.
    let waits = exception.code == "second-factor-required" && declaration.route == "/api/user/create-session"
    let cookies = answer.all("Set-Cookie").map { $0.prefix { $0 != "=" } }
    #expect(cookies == (waits ? ["\(app)_pending"] : []), "\(declaration.route) sets cookies with a refusal")
  }
}
