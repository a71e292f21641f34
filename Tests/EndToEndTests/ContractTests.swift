import DashboardEndpoints
import DashboardRouting
import TestSupport
import Testing

/// What every route refuses, held against what it declares. Both ways: what is declared happens, and nothing else does.
@Suite("the contract")
struct ContractTests {
  @Test("every declared exception can be provoked, and says what it says", arguments: Front.everywhere)
  func exceptions(front: Front) throws {
    let cast = try Cast(PreparedSite(front))
    for endpoint in Routes.endpoints {
      let declaration = endpoint.declaration
      guard let provocations = Provocations(cast: cast)[declaration.route] else {
        Issue.record("nobody provokes \(declaration.route)")
        continue
      }
      var provoked: Set<String> = []
      for provocation in provocations {
        let isNew = provoked.insert(provocation.exception).inserted
        // Where each request is a process, one way to each exception will do.
        guard isNew || front == .fastcgi else { continue }
        try cast.provoke(provocation, of: declaration)
        let empty = Set(provocation.changes.filter { $0.value.isEmpty }.keys)
        if !empty.isEmpty, front == .fastcgi {
          try cast.provoke(provocation, of: declaration, leavingOut: empty)
        }
      }
      let declared = declaration.exceptions.map(\.label)
      for label in declared { #expect(provoked.contains(label), "\(declaration.route): \(label)") }
      #expect(Set(declared).count == declared.count, "\(declaration.route) declares something twice")
    }
  }

  @Test("of several faults, the one that is declared first is told")
  func order() throws {
    let cast = try Cast(PreparedSite(.fastcgi))
    for endpoint in Routes.endpoints {
      let declared = endpoint.declaration.exceptions.map(\.label)
      let unsorted = Provocations(cast: cast)[endpoint.declaration.route] ?? []
      let provocations = declared.flatMap { label in unsorted.filter { $0.exception == label } }
      for (index, provocation) in provocations.enumerated() {
        let later = provocations[index...].filter {
          $0.asker?.session.sessionid == provocation.asker?.session.sessionid
            && $0.place == provocation.place
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
    for declaration in Routes.endpoints.map(\.declaration) {
      func refusal(of asker: Person?) throws -> String {
        try cast.contract.call(declaration, [:], as: asker?.user, in: cast.app).verdict
      }
      if declaration.access != .open {
        #expect(try refusal(of: nil) == "401 Sign in required")
        for session in cast.deadSessions {
          let asker = cast.administrator.asking(with: session)
          #expect(try refusal(of: asker) == "401 Sign in required", "\(declaration.route)")
        }
      }
      if declaration.access.isForAdministrators {
        #expect(try refusal(of: cast.user) == "403 Administrator required")
        #expect(declaration.access.isFresh == (declaration.verb != .get), "\(declaration.route)")
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
