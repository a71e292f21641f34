import DashboardEndpoints
@testable import DashboardExplorer
import DashboardRouting
import DashboardSettings
import TestSupport
import Testing

@Suite("openapi.json")
struct OpenAPITests {
  private static let read = Result { try JSON(OpenAPI.bytes(Routes.endpoints, .standard)) }
  private let document: JSON

  init() throws { document = try Self.read.get() }

  private func operation(_ declaration: Declaration) -> JSON? {
    document["paths"]?[declaration.route]?[declaration.verb.rawValue.lowercased()]
  }

  /// The value that a reference in the document points to (RFC 6901).
  private func resolved(_ json: JSON) -> JSON {
    guard let reference = json["$ref"]?.string else { return json }
    return reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] ?? .null }
  }

  /// All texts of every enum within a value.
  private func messages(_ json: JSON) -> Set<String> {
    switch json {
    case .object(let members):
      members.reduce(into: []) { result, member in
        result.formUnion(
          member.name == "enum"
            ? (member.value.array ?? []).compactMap(\.string) : Array(messages(member.value)))
      }
    case .array(let elements): elements.reduce(into: []) { $0.formUnion(messages($1)) }
    default: []
    }
  }

  @Test("every route has an operation with its verb and its own name")
  func routes() throws {
    #expect(document["openapi"] == .string("3.1.0"))
    #expect(document["paths"]?.names == Routes.endpoints.map(\.declaration.route))
    let names = Routes.endpoints.compactMap { operation($0.declaration)?["operationId"]?.string }
    #expect(names.count == Routes.endpoints.count && Set(names).count == names.count)
  }

  @Test("every error code is in the enum of its status", arguments: Routes.endpoints.map(\.declaration.route))
  func codes(route: String) throws {
    let declaration = try #require(Routes.endpoints.first { $0.declaration.route == route }?.declaration)
    let responses = try #require(operation(declaration)?["responses"])
    func codes(_ status: Int) -> Set<String> { responses["\(status)"].map { messages(resolved($0)) } ?? [] }
    for exception in declaration.exceptions + declaration.accessExceptions + declaration.commonExceptions {
      #expect(codes(exception.status).contains(exception.code))
    }
    #expect(codes(401).contains("Sign in required") == (declaration.access != .open))
    #expect(codes(403).contains("Administrator required") == declaration.access.isForAdministrators)
    #expect(codes(403).contains("invalid-origin") == (declaration.verb != .get))
    let declared =
      declaration.exceptions + declaration.accessExceptions + declaration.commonExceptions
    let allowed = Set(declared.map(\.code) + declaration.refusals.map(\.rawValue))
    for status in responses.names where status != "200" {
      #expect(codes(Int(status) ?? 0).isSubset(of: allowed))
    }
  }

  @Test(
    "every field is in the query or in the form, as declared",
    arguments: Routes.endpoints.map(\.declaration.route))
  func fields(route: String) throws {
    let declaration = try #require(Routes.endpoints.first { $0.declaration.route == route }?.declaration)
    let operation = try #require(self.operation(declaration))
    let parameters = operation["parameters"]?.array ?? []
    let query = declaration.parameters.filter { $0.source == .querystring }
    #expect(parameters.map { $0["name"]?.string } == query.map(\.name))
    #expect(parameters.map { $0["required"] } == query.map { .boolean($0.isRequired) })
    #expect(parameters.allSatisfy { $0["in"] == .string("query") })

    let posted = declaration.parameters.filter { $0.source == .posted }
    let content = operation["requestBody"]?["content"]
    // Some generators of clients can't take several content types of one operation.
    #expect(content?.names == (posted.isEmpty ? nil : ["application/x-www-form-urlencoded"]))
    let schema = content?["application/x-www-form-urlencoded"]?["schema"]
    #expect(schema?["properties"]?.names == (posted.isEmpty ? nil : posted.map(\.name)))
    #expect(
      schema?["required"]?.array?.map(\.string)
        == (posted.isEmpty ? nil : posted.filter(\.isRequired).map(\.name)))
  }

  @Test("the other content type of a body is told in words")
  func multipart() {
    #expect(document["info"]?["description"]?.string?.contains("multipart/form-data") == true)
  }

  @Test("a field with an exception for its length has the lengths that the app allows")
  func lengths() throws {
    let app = try AppConfiguration([
      "MINIMUM_USERNAME_LENGTH": "5", "MAXIMUM_USERNAME_LENGTH": "77", "MINIMUM_PASSWORD_LENGTH": "9",
      "MAXIMUM_PASSWORD_LENGTH": "99", "MINIMUM_RESET_CODE_LENGTH": "7", "MAXIMUM_RESET_CODE_LENGTH": "7",
      "MINIMUM_PROFILE_FULL_NAME_LENGTH": "2",
    ])
    let document = try JSON(Array(try #require(text(Path.openAPI, in: PageContext(app))).utf8))
    var found: [String: Set<String>] = [:]
    for declaration in Routes.endpoints.map(\.declaration) {
      let operation = document["paths"]?[declaration.route]?[declaration.verb.rawValue.lowercased()]
      let fields = operation?["requestBody"]?["content"]?["application/x-www-form-urlencoded"]?["schema"]?[
        "properties"]
      var limited = Set(declaration.exceptions.filter { $0.code.hasSuffix("-length") }.compactMap(\.field))
      // Its code for a short username has no ending of its own.
      if declaration.route == ResetAccountPassword.route { limited.insert("username") }
      for name in fields?.names ?? [] {
        let (least, most) = (fields?[name]?["minLength"]?.number, fields?[name]?["maxLength"]?.number)
        // A date has a form, and so only one length.
        #expect(
          limited.subtracting(["dob"]).contains(name) == (most != nil || least.map { $0 > 1 } ?? false),
          "\(declaration.route) \(name)")
        if limited.contains(name) {
          found[name, default: []].insert("\(Int(least ?? 0))-\(most.map { "\(Int($0))" } ?? "")")
        }
      }
    }
    #expect(found["username"] == ["5-77", "5-"] && found["new-username"] == ["5-77"])
    #expect(found["password"] == ["9-99", "9-"] && found["new-password"] == ["9-99"])
    #expect(found["secret-code"] == ["7-7"])
    #expect(found["full-name"] == ["2-50"] && found["phone"] == ["1-256"])
  }

  @Test("each app has a document with its own lengths and cookie, also after many other apps")
  func documents() throws {
    let pages = APIExplorer(Routes.endpoints).pages
    let page = try #require(pages.first { $0.path == Path.openAPI })
    for length in Array(1...17) + [17, 1] {
      let app = try AppConfiguration(["MINIMUM_USERNAME_LENGTH": "\(length)"])
      let text = String(decoding: page.body(PageContext(app)), as: UTF8.self)
      #expect(text.contains(#""username":{"type":"string","minLength":\#(length),"#))
    }
    let named = page.body(PageContext(.standard, cookieName: "another"))
    #expect(String(decoding: named, as: UTF8.self).contains(#""in":"cookie","name":"another""#))
  }

  @Test("every list has the headers for its length and its next page")
  func lists() throws {
    for endpoint in Routes.endpoints {
      let headers = operation(endpoint.declaration)?["responses"]?["200"]?["headers"]
      let isList = endpoint.declaration.parameters.contains { $0.name == "after" }
      #expect(headers?.names == (isList ? ["X-Total-Count", "Link"] : nil))
    }
  }

  @Test("a route with sign-in needs the cookie or a bearer token")
  func security() throws {
    let schemes = try #require(document["components"]?["securitySchemes"])
    #expect(schemes.names == ["cookie", "bearer"])
    for endpoint in Routes.endpoints {
      let security = operation(endpoint.declaration)?["security"]?.array
      let expected = endpoint.declaration.access == .open ? [] : [["cookie"], ["bearer"]]
      #expect(security?.map(\.names) == expected)
    }
  }

  @Test("objects have their fields, and every reference resolves")
  func schemas() throws {
    let schemas = try #require(document["components"]?["schemas"])
    #expect(
      Set(schemas.names) == [
        "settings", "account", "session", "profile", "resetCode", "invitation", "event", "export", "group",
        "metric", "error", "auth", "totp", "secondFactors", "passkey",
        "passkeyCreation", "passkeyRequest",
      ], "the API has another set of objects: correct it in Tests/ExplorerTests/OpenAPITests.swift")
    let session = try #require(schemas["session"])
    #expect(session["properties"]?["object"]?["const"] == .string("session"))
    #expect(session["properties"]?["expiresAt"]?["format"] == .string("date-time"))
    #expect(session["required"]?.array?.contains(.string("sessionid")) == true)
    #expect(session["required"]?.array?.contains(.string("token")) == false)
    #expect(references(document).allSatisfy { resolved($0) != .null })
  }

  @Test("an identifier has the same form in the URL and in an object")
  func identifiers() throws {
    let operation = try #require(document["paths"]?["/api/user/sessions"]?["get"])
    let parameters = try #require(operation["parameters"]?.array)
    #expect(parameters.first?["schema"]?["pattern"] == .string("^acct_[0-9a-f]{16}$"))
    #expect(parameters.last?["schema"]?.names == ["type"])
  }

  private func references(_ json: JSON) -> [JSON] {
    switch json {
    case .object(let members):
      (json["$ref"] == nil ? [] : [json]) + members.flatMap { references($0.value) }
    case .array(let elements): elements.flatMap(references)
    default: []
    }
  }
}
