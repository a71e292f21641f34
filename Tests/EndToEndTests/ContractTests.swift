import DashboardEndpoints
import DashboardRouting
import TestSupport
import Testing

/// Every route refuses exactly as declared: each declared exception occurs, and no other.
@Suite("the contract")
struct ContractTests {
  @Test("every declared exception can be provoked, and has the declared text", arguments: Front.everywhere)
  func exceptions(front: Front) throws {
    let cast = try Cast(PreparedSite(front))
    for endpoint in Routes.endpoints {
      let declaration = endpoint.declaration
      var provoked: Set<String> = []
      for provocation in try Provocations(cast: cast).of(declaration.route) {
        let isNew = provoked.insert(provocation.exception).inserted
        // A process for each request is slow, so each exception is provoked in one way there.
        guard isNew || front == .fastcgi else { continue }
        try cast.provoke(provocation, of: declaration)
        let empty = Set(provocation.changes.filter { $0.value.isEmpty }.keys)
        if !empty.isEmpty, front == .fastcgi {
          try cast.provoke(provocation, of: declaration, leavingOut: empty)
        }
      }
      let declared = declaration.exceptions.map(\.label)
      for label in declared where !provoked.contains(label) {
        Issue.record(
          """
          no provocation of `\(label)` for \(declaration.route): \
          add it to Tests/EndToEndTests/ContractProvocations.swift
          """)
      }
      let repeated = Dictionary(grouping: declared) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
      #expect(repeated.isEmpty, "\(declaration.route) declares an exception twice: remove one in Sources/API")
    }
  }

  @Test("of several faults, the answer names the one that is declared first")
  func order() throws {
    let cast = try Cast(PreparedSite(.fastcgi))
    for endpoint in Routes.endpoints {
      let declared = endpoint.declaration.exceptions.map(\.label)
      let unsorted = try Provocations(cast: cast).of(endpoint.declaration.route)
      let provocations = declared.flatMap { label in unsorted.filter { $0.exception == label } }
      for (index, provocation) in provocations.enumerated() {
        let later = provocations[index...].filter {
          $0.caller?.session.sessionid == provocation.caller?.session.sessionid
            && $0.place == provocation.place
        }
        // Adds the faults of all later provocations. Each parameter keeps its first fault.
        let faults = later.reduce(into: [String: String]()) { $0.merge($1.changes) { first, _ in first } }
        try cast.provoke(provocation, of: endpoint.declaration, faults: faults)
      }
    }
  }

  @Test("a guest, a user and an old verification are refused before any parameter is checked")
  func access() throws {
    let cast = try Cast(PreparedSite(.fastcgi))
    for declaration in Routes.endpoints.map(\.declaration) {
      func refusal(of caller: Person?) throws -> String {
        try cast.contract.call(declaration, [:], as: caller?.user, in: cast.app).verdict
      }
      if declaration.access != .open {
        #expect(try refusal(of: nil) == "401 Sign in required", "\(declaration.route)")
        for session in cast.deadSessions {
          let caller = cast.administrator.with(session)
          #expect(try refusal(of: caller) == "401 Sign in required", "\(declaration.route)")
        }
      }
      if declaration.access.isForAdministrators {
        #expect(try refusal(of: cast.user) == "403 Administrator required", "\(declaration.route)")
        #expect(
          declaration.access.isFresh == (declaration.verb != .get),
          """
          the access of \(declaration.route) in Sources/API/Administrator must be .administrator for GET, and \
          .freshAdministrator for other verbs
          """)
      }
      if declaration.access.isFresh {
        let caller = declaration.access.isForAdministrators ? cast.administrator : cast.user
        let old = cast.oldProofs[caller.session.accountid]
        let answer = try cast.contract.call(
          declaration, [:], as: old.map { caller.with($0).user }, in: cast.app)
        #expect(try answer.verdict == "403 unverified-session", "\(declaration.route)")
        #expect(try answer.json["detail"] == .string(Exception.unverifiedSession.circumstances))
      }
    }
  }

  @Test("the common refusals come in one order: a request with all faults loses them one by one")
  func general() throws {
    let cast = try Cast(PreparedSite(.fastcgi))
    for declaration in Routes.endpoints.map(\.declaration) {
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
