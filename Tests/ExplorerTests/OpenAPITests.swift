import DashboardEndpoints
@testable import DashboardExplorer
import DashboardRouting
import TestSupport
import Testing

@Suite("openapi.json")
struct OpenAPITests {
  private static let read = Result { try JSON(OpenAPI.bytes(Routes.endpoints)) }
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
    #expect(
      content?.names == (posted.isEmpty ? nil : ["application/x-www-form-urlencoded", "multipart/form-data"]))
    for type in content?.names ?? [] {
      let schema = content?[type]?["schema"]
      #expect(schema?["properties"]?.names == posted.map(\.name))
      #expect(schema?["required"]?.array?.map(\.string) == posted.filter(\.isRequired).map(\.name))
    }
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
        "settings", "account", "session", "profile", "resetCode", "metric", "error", "auth",
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
