import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Calls routes through nginx by what they declare, and holds every answer against that.
struct Contract {
  let site: Site

  static let endpoints = Dictionary(uniqueKeysWithValues: Routes.endpoints.map { ($0.declaration.route, $0) })

  /// Calls a route with a value for each parameter that it takes and `values` has.
  func call(
    _ declaration: Declaration, _ values: [String: String], as asker: Site.User?, in app: AppName? = nil,
    headers: [(String, String)] = []
  ) throws -> HTTPResponse {
    func fields(_ source: Declaration.Parameter.Source) -> String {
      Site.urlEncoded(
        declaration.parameters.filter { $0.source == source }.compactMap { parameter in
          values[parameter.name].map { (key: parameter.name, value: $0) }
        })
    }
    let (query, posted) = (fields(.querystring), fields(.posted))
    var headers = headers
    if let app { headers.append(("X-App", "\(app)")) }
    if !posted.isEmpty { headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
    let answer = try site.request(
      declaration.verb.rawValue, query.isEmpty ? declaration.route : "\(declaration.route)?\(query)",
      as: asker, headers: headers, body: posted.isEmpty ? nil : Array(posted.utf8))
    try check(answer, declaration)
    return answer
  }

  /// Calls a route by its path.
  func call(
    _ route: String, _ values: [String: String], as asker: Site.User?, in app: AppName? = nil
  ) throws -> HTTPResponse {
    let endpoint = try #require(Self.endpoints[route], "there is no route \(route)")
    return try call(endpoint.declaration, values, as: asker, in: app)
  }

  /// An answer other than 200 must be a refusal that the route declares, and nothing beside it.
  private func check(_ answer: HTTPResponse, _ declaration: Declaration) throws {
    #expect(answer["Content-Type"] == "application/json; charset=utf-8")
    if answer.status == 200 { return }
    let json = try answer.json
    let isDeclared =
      Self.refusals(of: declaration).contains { $0.status == answer.status && $0.body == answer.text }
      || declaration.allExceptions.contains { exception in
        exception.status == answer.status && json["message"] == .string(exception.code)
          && json["field"] == exception.field.map(JSON.string) && json["detail"]?.string?.isEmpty == false
          && json.names == ["object", "message", "field", "detail"].filter { json[$0] != nil }
          && json["object"] == .string("error")
      }
    #expect(isDeclared, "\(declaration.route) does not declare \(answer.status) \(answer.text)")
  }

  /// What the access of a route refuses.
  static func refusals(of declaration: Declaration) -> [(status: Int, body: String)] {
    var messages: [(Int, String)] = []
    if declaration.access != .open { messages.append((401, "Sign in required")) }
    if declaration.access.isForAdministrators { messages.append((403, "Administrator required")) }
    return messages.map { (status: $0, body: #"{"object":"auth","message":"\#($1)"}"#) }
  }
}

extension Declaration {
  /// Its own exceptions, and that of its access.
  var allExceptions: [Exception] { exceptions + (access.isFresh ? [.unverifiedSession] : []) }
}

extension Exception {
  /// What makes it one of its route's: `404 invalid-accountid unknown querystring accountid`.
  var label: String { "\(status) \(code) \(circumstances)" }
}

extension HTTPResponse {
  /// Status and message of a refusal, the status alone of anything else: `404 invalid-accountid`, `200`.
  var verdict: String {
    get throws {
      if status == 200 { return "200" }
      return "\(status) \(try json["message"]?.string ?? "")"
    }
  }
}
