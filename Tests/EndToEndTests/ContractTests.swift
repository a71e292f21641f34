import API
import Accounts
import Routing
import TestSupport
import Testing

/// What every route refuses, held against what it declares. Both ways: what is declared happens, and nothing else does.
@Suite("the contract")
struct ContractTests {
  @Test("every declared exception can be provoked, and says what it says", arguments: Front.allCases)
  func exceptions(front: Front) throws {
    let cast = try Cast(PreparedSite(front))
    for endpoint in Routes.all {
      let declaration = endpoint.declaration
      guard let provocations = Provocations(cast: cast)[declaration.route] else {
        Issue.record("nobody provokes \(declaration.route)")
        continue
      }
      for provocation in provocations {
        try cast.provoke(provocation, of: declaration)
        if provocation.changes.values.contains("") {
          let isMissing = provocation.changes.filter { $0.value.isEmpty }.keys
          try cast.provoke(provocation, of: declaration, leavingOut: Set(isMissing))
        }
      }
      let provoked = Set(provocations.map(\.exception))
      let declared = declaration.exceptions.map(\.label)
      for label in declared { #expect(provoked.contains(label), "\(declaration.route): \(label)") }
      #expect(Set(declared).count == declared.count, "\(declaration.route) declares something twice")
    }
  }

  @Test("of several faults, the one that is declared first is told", arguments: [Front.fastcgi])
  func order(front: Front) throws {
    let cast = try Cast(PreparedSite(front))
    for endpoint in Routes.all {
      let provocations = Provocations(cast: cast)[endpoint.declaration.route] ?? []
      for (index, provocation) in provocations.enumerated() {
        let later = provocations[index...].filter {
          $0.asker?.session.sessionid == provocation.asker?.session.sessionid
            && $0.isClosed == provocation.isClosed
        }
        // The faults of all later ones too, each parameter's first one.
        let faults = later.reduce(into: [String: String]()) { $0.merge($1.changes) { first, _ in first } }
        try cast.provoke(provocation, of: endpoint.declaration, faults: faults)
      }
    }
  }

  @Test("guests, others than administrators and old proofs are refused before anything is looked at")
  func access() throws {
    let cast = try Cast(PreparedSite(.fastcgi))
    for declaration in Routes.all.map(\.declaration) {
      func refusal(of asker: Person?) throws -> String {
        try cast.contract.call(declaration, [:], as: asker?.user, in: cast.app).verdict
      }
      if declaration.access != .open { #expect(try refusal(of: nil) == "401 Sign in required") }
      if declaration.access.isForAdministrators {
        #expect(try refusal(of: cast.user) == "403 Administrator required")
      }
      if declaration.access.isFresh {
        let asker = declaration.access.isForAdministrators ? cast.administrator : cast.user
        let old = cast.oldProofs[asker.session.accountid]
        let answer = try cast.contract.call(
          declaration, [:], as: old.map { asker.asking(with: $0).user }, in: cast.app)
        #expect(try answer.verdict == "403 unverified-session", "\(declaration.route)")
        #expect(try answer.json["detail"] == .string(Exception.unverifiedSession.circumstances))
      }
    }
  }

  @Test("what any route refuses, in its order: the worst request is mended step by step")
  func general() throws {
    let cast = try Cast(PreparedSite(.fastcgi))
    for declaration in Routes.all.map(\.declaration) {
      let route = declaration.route
      let isRead = declaration.verb == .get
      func answer(
        _ verb: String, query: String = "?a=%00", type: String = "text/plain", size: Int = 10,
        origin: String = "https://elsewhere.example", server: Bool = false
      ) throws -> String {
        var headers = [("Content-Type", type), ("Origin", origin), ("X-App", "\(cast.app)")]
        if server { headers.append(("X-Application-Server", "unknown")) }
        let body = [UInt8](repeating: UInt8(ascii: "a"), count: size)
        let answer = try cast.contract.site.request(verb, route + query, headers: headers, body: body)
        return try answer.verdict
      }
      let verb = declaration.verb.rawValue
      let long = "?a=" + String(repeating: "a", count: 16_384)
      let form = "application/x-www-form-urlencoded"
      #expect(try answer("PUT", query: long, size: 65_537) == "405 invalid-method")
      #expect(try answer(verb, query: long, size: 65_537) == "414 invalid-url-length")
      #expect(try answer(verb, size: 65_537) == "413 invalid-request-length")
      #expect(try answer(verb) == "415 invalid-content-type")
      if !isRead { #expect(try answer(verb, type: form) == "403 invalid-origin") }
      #expect(
        try answer(verb, type: form, origin: "http://dashboard.test", server: true)
          == "403 invalid-application-server")
      let last = try answer(verb, type: form, origin: "http://dashboard.test")
      #expect(last == (declaration.access == .open ? "400 invalid-request" : "401 Sign in required"))
    }
  }
}

/// The people that provocations need.
struct Cast {
  let contract: Contract
  let app: AppName
  let owner: Person
  let administrator: Person
  let user: Person
  let another: Person
  /// Their accounts are scheduled for deletion.
  let deleted: Person
  let deletedAdministrator: Person
  /// The user's.
  let olderSession: String
  let endedSession: String
  /// Sessions whose passwords were proven five hours ago.
  let oldProofs: [AccountID: Session]
  private let site: PreparedSite

  init(_ site: PreparedSite) throws {
    self.site = site
    contract = Contract(site: site.site)
    try Files.makeDirectory(site.site.data.path("data/apps"))
    try Files.write("DISABLE_REGISTRATION=true\n", to: site.site.data.path("data/apps/closed.conf"))
    let community = try site.community()
    app = community.app
    (owner, administrator) = (community.owner, community.administrator)
    (user, another) = (community.user, community.another)
    deleted = try site.person("deleted", in: app)
    deletedAdministrator = try site.person("retired", in: app)
    try site.promote(deletedAdministrator, by: owner, in: app)
    for person in [deleted, deletedAdministrator] { try site.delete(person, by: owner, in: app) }
    olderSession = "\(try site.signIn("user", in: app).sessionid)"
    let ended = try site.signIn("user", in: app)
    _ = try site.dashboard.call(SetCurrentSessionEnded.self, app: app, as: ended)
    endedSession = "\(ended.sessionid)"
    site.clock.shift(seconds: -5 * 3600)
    oldProofs = [
      user.session.accountid: try site.signIn("user", in: app),
      administrator.session.accountid: try site.signIn("administrator", in: app),
    ]
    site.clock.shift(seconds: 0)
  }

  /// What is right for the route: of the user, for the user or an administrator.
  private func values(_ declaration: Declaration) -> [String: String] {
    let isRegistration = declaration.route == "/api/user/create-account"
    return isRegistration ? user.values.merging(["username": "somebody new"]) { $1 } : user.values
  }

  /// Makes a request with the faults of a provocation, and expects its exception.
  ///
  /// - Parameters:
  ///   - faults: those and more.
  ///   - missing: parameters that are left out.
  func provoke(
    _ provocation: Provocation, of declaration: Declaration, faults: [String: String]? = nil,
    leavingOut missing: Set<String> = []
  ) throws {
    guard let exception = declaration.exceptions.first(where: { $0.label == provocation.exception }) else {
      Issue.record("\(declaration.route) does not declare \(provocation.exception)")
      return
    }
    let asker =
      switch declaration.access {
      case .open: provocation.asker
      case .session, .freshSession: provocation.asker ?? user
      case .administrator, .freshAdministrator: provocation.asker ?? administrator
      }
    let values = values(declaration).merging(faults ?? provocation.changes) { $1 }
      .filter { !missing.contains($0.key) }
    let answer = try contract.call(
      declaration, values, as: asker?.user, in: provocation.isClosed ? AppName("closed") : app)
    var members = [("object", "error"), ("message", exception.code)]
    if let field = exception.field { members.append(("field", field)) }
    members.append(("detail", provocation.detail ?? exception.circumstances))
    let expected = members.map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",")
    #expect(answer.status == exception.status, "\(declaration.route) \(provocation.exception)")
    #expect(answer.text == "{\(expected)}", "\(declaration.route) \(provocation.exception)")
    #expect(answer.all("Set-Cookie").isEmpty)
  }
}
