import DashboardAccounts
import DashboardEndpoints
import DashboardRouting
import DashboardWireFormat
import TestSupport
import Testing

/// Paths, their verbs, and answers other than JSON.
@Suite("resources")
struct ResourceTests {
  private let fixture: Fixture
  private let router: Router

  init() throws {
    fixture = try Fixture()
    let page = Resource(
      "/page",
      [
        Operation(.get, RoutePolicy(.open)) { call in
          Draft(Array("page of \(call.caller.signedIn?.account.description ?? "guest")".utf8), "text/plain")
        },
        Operation(.post, RoutePolicy(.session, writes: true, hashes: true)) { call in
          let target = call.posted["to"].map { String(decoding: $0, as: UTF8.self) } ?? "/page"
          return Location(target).map { Draft(seeOther: $0) } ?? Draft(.invalidRequest)
        },
      ])
    let rare = Resource("/rare", [Operation(.get, RoutePolicy(.open)) { _ in Draft(status: 204) }])
    let fixed = Resource("/fixed", [Operation { _ in Draft(Array("fixed".utf8), "text/plain") }])
    router = Router(
      fixture.dashboard, [page, fixed] + Routes.all,
      groups: [ResourceGroup(mayHave: { _ in true }) { [rare] }]
    ) { _ in }
  }

  private func bearer(_ username: String) throws -> [String: String] {
    let session = try fixture.signUp(username)
    return ["HTTP_AUTHORIZATION": "Bearer \(session.sessionid).\(session.token ?? "")"]
  }

  private func effort(_ method: String, _ path: String) -> Router.Effort {
    var variables = MetaVariables()
    for variable in ["REQUEST_METHOD=\(method)", "REQUEST_URI=\(path)"] {
      variables.append(Array(variable.utf8).span)
    }
    return router.effort(for: variables)
  }

  @Test("one path has several verbs with their own policies, and each sees its caller")
  func verbs() throws {
    let ada = try bearer("ada")
    #expect(TestRequest.respond(router, "GET", "/page").text.hasSuffix("\r\n\r\npage of guest"))
    #expect(TestRequest.respond(router, "GET", "/page", ada).text.contains("page of acct_"))
    #expect(TestRequest.respond(router, "HEAD", "/page").status == 200)
    #expect(TestRequest.respond(router, "POST", "/page").status == 401)
    let wrong = TestRequest.respond(router, "DELETE", "/page")
    #expect(wrong.status == 405)
    #expect(wrong.text.contains("\r\nAllow: GET, HEAD, POST, OPTIONS\r\n"))
    let options = TestRequest.respond(router, "OPTIONS", "/page")
    #expect(options.status == 204 && options.text.contains("\r\nAllow: GET, HEAD, POST, OPTIONS\r\n"))
    #expect(TestRequest.respond(router, "GET", "/rare").text.hasPrefix("Status: 204 No Content\r\n"))
  }

  @Test(
    "a fixed answer looks at neither the caller nor a form",
    arguments: [
      ("?\(String(repeating: "a", count: 70_000))", [:]), ("?a=%FF", [:]),
      ("", ["HTTP_X_APPLICATION_SERVER": "x", "CONTENT_TYPE": "x/y", "CONTENT_LENGTH": "1"]),
      ("", ["HTTP_COOKIE": "sessionid=sess_0000000000000001; token=x"]),
    ])
  func fixed(query: String, variables: [String: String]) {
    let answer = TestRequest.respond(router, "GET", "/fixed\(query)", variables)
    #expect(answer.status == 200 && answer.text.hasSuffix("\r\n\r\nfixed"))
    #expect(
      TestRequest.respond(router, "GET", "/page\(query)", variables).status >= (query.isEmpty ? 200 : 400))
    #expect(TestRequest.respond(router, "POST", "/fixed").status == 405)
  }

  @Test("a redirect is an answer: 303 to another path of this site")
  func redirects() throws {
    let answer = TestRequest.respond(router, "POST", "/page", try bearer("ada"), body: "to=/page?from=here")
    #expect(answer.status == 303)
    #expect(answer.text.hasPrefix("Status: 303 See Other\r\n"))
    #expect(answer.text.contains("\r\nLocation: /page?from=here\r\n"))
  }

  @Test("every status that is sent has a reason phrase")
  func reasonPhrases() {
    let declared = Routes.endpoints.flatMap { $0.declaration.exceptions } + Exception.ofAnyRoute
    let statuses = Set(declared.map(\.status)).union([200, 204, 303, 401])
    for status in statuses.sorted() {
      var bytes: [UInt8] = []
      Response(status: status).serializeHead(into: &bytes)
      let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
      #expect(
        line.count > "Status: 000 ".count,
        "add \(status) to Response.reason in Sources/WireFormat/Response.swift")
    }
  }

  @Test(
    "no redirect leaves the site",
    arguments: [
      "", "page", "//evil.example", "/\\evil.example", "\\/evil.example", "https://evil.example", "/a\\b",
      "/a\r\nSet-Cookie: a=b", "/a b", "/ä", "/\u{7F}", " /page", "/\u{0}",
    ])
  func location(target: String) { #expect(Location(target) == nil) }

  @Test("paths of this site are kept as they are", arguments: ["/", "/page", "/page?a=b&c=%2F%2F", "/a//b"])
  func ownLocation(target: String) { #expect(Location(target)?.path == target) }

  @Test("a policy gives the effort of a request, and an unknown path or verb counts as reading")
  func efforts() {
    #expect(effort("POST", "/page") == .hashing)
    #expect(effort("GET", "/page") == .reading)
    #expect(effort("DELETE", "/page") == .reading)
    #expect(effort("POST", "/account/signin") == .reading)
    #expect(effort("POST", "/api/user/create-session") == .hashing)
    #expect(effort("PATCH", "/api/user/update-profile") == .writing)
    #expect(effort("GET", "/api/user/sessions?all=1") == .lengthyReading)
  }

  @Test("every endpoint that can list all elements declares it")
  func lists() {
    for declaration in Routes.endpoints.map(\.declaration) {
      let canListAll = declaration.parameters.contains { $0.name == "all" } || declaration.fileName != nil
      #expect(declaration.isList == canListAll, "\(declaration.route)")
    }
  }

  @Test("no two endpoints share a path and a verb, and each error of a rule has one answer in a route")
  func declarations() {
    let operations = Routes.all.flatMap { resource in
      resource.operations.map { "\($0.verb.rawValue) \(resource.path)" }
    }
    #expect(Set(operations).count == operations.count)
  }
}
