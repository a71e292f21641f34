import DashboardEndpoints
import DashboardRouting
import DashboardWireFormat
import TestSupport
import Testing

/// The answer of every route agrees with the schema and the example in its documentation.
@Suite("examples")
struct ExampleTests {
  @Test("the answer of every route and its example have the declared fields, in their order and form")
  func answers() throws {
    let site = try PreparedSite(.fastcgi)
    let contract = Contract(site: site.site)
    for endpoint in Routes.endpoints {
      let declaration = endpoint.declaration
      var people = try site.community()
      if try !site.prepare(&people, for: declaration) {
        // The list of deleted accounts needs an element.
        try site.delete(people.another, by: people.owner, in: people.app)
      }
      let values = try contract.values(of: people.user, for: declaration)
      let caller: Person? =
        switch declaration.access.role {
        case .anyone: nil
        case .signedIn: people.user
        case .administrator: people.owner
        }
      let answer = try contract.call(declaration, values, as: caller?.user, in: people.app)
      guard answer.status == 200 else {
        Issue.record(
          """
          \(declaration.route) answers \(answer.status) \(answer.text) to a request that must succeed: \
          Tests/EndToEndTests/Community.swift needs a value for a parameter (`person`), or a state (`prepare`)
          """)
        continue
      }
      for (text, what) in [(answer.text, "answer"), (endpoint.example, "example")] {
        let faults = endpoint.schema.faults(of: try JSON(Array(text.utf8)), endpoint.fields)
        #expect(
          faults.isEmpty,
          """
          the \(what) of \(declaration.route) does not have its declared form: \(text). \
          Correct `encode(into:)` or the example of the type in Sources
          """)
      }
    }
  }

  @Test("every example has exactly the fields of a possible answer")
  func examples() throws {
    let site = try PreparedSite(.fastcgi)
    for endpoint in Routes.endpoints where !endpoint.fields.isEmpty {
      let example = try JSON(Array(endpoint.example.utf8))
      let possible = try [true, false].flatMap { try answers(site, endpoint, isOfOwner: $0) }.map(\.names)
      for object in example.array ?? [example] {
        #expect(
          possible.contains(object.names),
          "no answer of \(endpoint.declaration.route) has the fields of its example: \(object.names)")
      }
    }
  }

  /// Objects that the route answers in an app with the default settings. The subject is the owner or a user.
  private func answers(_ site: PreparedSite, _ endpoint: AnyEndpoint, isOfOwner: Bool) throws -> [JSON] {
    let declaration = endpoint.declaration
    let contract = Contract(site: site.site)
    let names = Set(declaration.parameters.map(\.name)).union(endpoint.fields.prefix(1).map(\.name))
    let app = try site.newApp(
      settings: "REQUIRE_PROFILE=false\nUSER_PROFILE_FIELDS=contact-email,full-name\n")
    if declaration.route == "/api/user/create-account" {
      let values = Person.profile.merging(["username": "first", "password": "a password"]) { $1 }
      return [try contract.call(declaration, values, as: nil, in: app).json]
    }
    func person(_ name: String) throws -> Person {
      try site.person(
        name, in: app, hasProfile: names.contains("profileid"), hasCode: names.contains("codeid"))
    }
    let (owner, user) = (try person("owner"), try person("user"))
    var people = Community(app: app, owner: owner, administrator: owner, user: user, another: user)
    let isPrepared = try site.prepare(&people, for: declaration)
    if !isPrepared, declaration.route.hasSuffix("/deleted-accounts") {
      try site.delete(user, by: owner, in: app)
    }
    let subject = isOfOwner ? people.owner : people.user
    let caller = declaration.access.isForAdministrators ? owner : subject
    // The people have no profile, and so no contact address by which they are found.
    let values = try contract.values(of: subject, for: declaration).filter {
      $0.key != "contact-email" || declaration.verb != .get
    }
    let answer = try contract.call(declaration, values, as: caller.user, in: app)
    guard answer.status == 200 else { return [] }
    return try answer.json.array ?? [answer.json]
  }

  @Test("a deviation from the declared form is found")
  func faults() throws {
    let session = try #require(Contract.endpoints["/api/user/current-session"])
    func faults(_ edit: (String) -> String) throws -> Int {
      session.schema.faults(of: try JSON(Array(edit(session.example).utf8)), session.fields).count
    }
    #expect(try faults { $0 } == 0)
    for (old, new) in [
      ("sess_", "SESS_"), ("\"session\"", "\"account\""), ("1200", "\"1200\""), ("1200", "1.5"),
      ("false", "0"), ("T02:42:56.947Z", " 02:42:56"), ("\"duration\":1200,", ""),
      ("{", "{\"tokenHash\":\"0\","), ("\"duration\":1200,", "\"ended\":true,"),
    ] {
      #expect(try faults { $0.replacing(old, with: new) } > 0, "\(old) → \(new)")
    }
  }
}

extension JSONSchema {
  /// Deviations of a value from the schema.
  ///
  /// - Parameter fields: the fields of the objects in it; `nil` if they are objects of other routes.
  func faults(of value: JSON, _ fields: [Field]?) -> [String] {
    let isRight =
      switch (self, value) {
      case (.string(let format, let pattern), .string(let text)):
        Self.matches(text, pattern) && (format == nil || format == "date-time" && Self.isDateTime(text))
      case (.constant(let expected), .string(let text)): text == expected
      case (.integer, .number(let number)): number == number.rounded() && number >= 0
      case (.boolean, .boolean): true
      case (.foreign, .object): true
      case (.array, .array(let elements)): !elements.isEmpty || fields == nil
      case (.object, .object(let members)):
        fields.map { fields in
          members.map(\.name) == fields.map(\.name).filter { value[$0] != nil }
            && fields.allSatisfy { !$0.isRequired || value[$0.name] != nil }
        } ?? true
      default: false
      }
    guard isRight else { return ["\(words): \(value)"] }
    switch (self, value) {
    case (.array(let element), .array(let elements)):
      return elements.flatMap { element.faults(of: $0, fields) }
    case (.object, .object):
      return (fields ?? []).flatMap { field in
        value[field.name].map { field.schema.faults(of: $0, nil) } ?? []
      }
    default: return []
    }
  }

  private static func matches(_ text: String, _ pattern: String?) -> Bool {
    guard let pattern else { return true }
    guard let regex = try? Regex(pattern) else { return false }
    return text.firstMatch(of: regex) != nil
  }

  /// True for a time in the form of this API (RFC 3339 section 5.6, with milliseconds and in UTC).
  private static func isDateTime(_ text: String) -> Bool {
    matches(text, #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"#)
  }
}
