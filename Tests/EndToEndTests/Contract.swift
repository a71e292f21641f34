import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Calls routes through the web server by their declarations, and checks every answer against them.
///
/// Requests are those of a browser at `host`, to which all challenges for passkeys are bound.
struct Contract {
  /// Passkeys work here without HTTPS.
  static let host = "localhost:8080"
  private static let challengeToken = String(repeating: "c", count: 64)

  let site: Site

  static let endpoints = Dictionary(uniqueKeysWithValues: Routes.endpoints.map { ($0.declaration.route, $0) })

  /// Calls a route with the parameters that it declares and `values` has.
  ///
  /// - Parameter host: of the site.
  func call(
    _ declaration: Declaration, _ values: [String: String], as caller: Site.User?, in app: AppName? = nil,
    headers: [(String, String)] = [], host: String = Self.host
  ) throws -> HTTPResponse {
    func fields(_ source: Declaration.Parameter.Source) -> String {
      Site.urlEncoded(
        declaration.parameters.filter { $0.source == source }.compactMap { parameter in
          values[parameter.name].map { (key: parameter.name, value: $0) }
        })
    }
    let (query, posted) = (fields(.querystring), fields(.posted))
    let cookie = "\(app.map { "\($0)" } ?? "dashboard")_challenge=\(Self.challengeToken)"
    var headers = headers + [("User-Agent", "the test"), ("Host", host), ("Cookie", cookie)]
    if let app { headers.append(("X-App", "\(app)")) }
    if !posted.isEmpty { headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
    let answer = try site.request(
      declaration.verb.rawValue, query.isEmpty ? declaration.route : "\(declaration.route)?\(query)",
      as: caller, headers: headers, body: posted.isEmpty ? nil : Array(posted.utf8))
    try check(answer, declaration)
    return answer
  }

  /// Calls a route by its path.
  func call(
    _ route: String, _ values: [String: String], as caller: Site.User?, in app: AppName? = nil
  ) throws -> HTTPResponse {
    let endpoint = try #require(Self.endpoints[route], "Sources/API/Routes.swift has no route \(route)")
    return try call(endpoint.declaration, values, as: caller, in: app)
  }

  /// Checks that an answer other than 200 is exactly a refusal that the route declares.
  private func check(_ answer: HTTPResponse, _ declaration: Declaration) throws {
    #expect(answer["Content-Type"] == "application/json; charset=utf-8")
    if answer.status == 200 { return }
    let json = try answer.json
    let isDeclared =
      Self.refusals(of: declaration).contains { $0.status == answer.status && $0.body == answer.text }
      || declaration.allExceptions.contains { exception in
        exception.status == answer.status && json["message"] == .string(exception.code)
          && json["field"] == exception.field.map(JSON.string) && json["detail"]?.string?.isEmpty == false
          && json.names == ["object", "message", "field", "factors", "detail"].filter { json[$0] != nil }
          && json["object"] == .string("error")
      }
    #expect(
      isDeclared,
      """
      \(declaration.route) answers \(answer.status) \(answer.text), which it does not declare: \
      add the exception to its declaration in Sources/API
      """)
  }

  /// Refusals that follow from the access of a route.
  static func refusals(of declaration: Declaration) -> [(status: Int, body: String)] {
    var messages: [(Int, String)] = []
    if declaration.access != .open { messages.append((401, "Sign in required")) }
    if declaration.access.isForAdministrators { messages.append((403, "Administrator required")) }
    return messages.map { (status: $0, body: #"{"object":"auth","message":"\#($1)"}"#) }
  }
}

extension Declaration {
  /// The route's own exceptions, and those of its access.
  var allExceptions: [Exception] { exceptions + accessExceptions }
}

extension Exception {
  /// Identifies an exception within its route: `404 invalid-accountid unknown querystring accountid`.
  var label: String { "\(status) \(code) \(circumstances)" }
}

extension HTTPResponse {
  /// `404 invalid-accountid` for a refusal, `200` for a success.
  var verdict: String {
    get throws {
      if status == 200 { return "200" }
      return "\(status) \(try json["message"]?.string ?? "")"
    }
  }
}
