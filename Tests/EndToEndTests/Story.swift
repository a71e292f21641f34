import DashboardEndpoints
import DashboardRouting
import TestSupport
import Testing

/// A site whose people have first names. The contract checks every answer.
final class Story {
  private let contract: Contract
  private var users: [String: Site.User] = [:]
  private var accounts: [String: String] = [:]
  /// Changed usernames and passwords, by first name.
  var usernames: [String: String] = [:]
  var passwords: [String: String] = [:]
  /// The routes that answered with 200.
  private(set) var called: Set<String> = []
  private(set) var signIns = 0

  init(_ front: Front) throws { contract = Contract(site: try Site(front)) }

  func account(_ name: String) -> String { accounts[name] ?? "" }

  /// The current or last session of a person.
  func session(_ name: String) -> [String: String] { ["sessionid": users[name]?.sessionid ?? ""] }

  func register(_ name: String) throws -> JSON {
    let credentials = ["username": name, "password": "password of \(name)"]
    let account = try call("user/create-account", credentials, as: nil)
    accounts[name] = try account.id("accountid")
    return account
  }

  /// Signs in. The person uses the new session from then on.
  ///
  /// - Parameter more: further values.
  func signIn(_ name: String, _ more: [String: String] = [:]) throws {
    let (username, password) = (usernames[name] ?? name, passwords[name] ?? "password of \(name)")
    let credentials = ["username": username, "password": password]
    let session = try call("user/create-session", credentials, more, as: nil)
    #expect(try session.id("accountid") == account(name))
    users[name] = Site.User(
      accountid: account(name), sessionid: try session.id("sessionid"), token: try session.id("token"))
    signIns += 1
  }

  /// The answer of a route: an object, an array, a number or `true`. The status must be 200.
  ///
  /// - Parameters:
  ///   - route: the path without `/api/`.
  ///   - values: values of parameters. Routes under `user/` also get the caller's own identifiers.
  func call(
    _ route: String, _ values: [String: String] = [:], _ more: [String: String] = [:], as name: String?
  )
    throws -> JSON
  {
    let answer = try response(route, values.merging(more) { $1 }, as: name)
    try #require(answer.status == 200, "\(route): \(answer.text)")
    called.insert("/api/\(route)")
    return try answer.json
  }

  /// Status and message of a refusal.
  func refusal(_ route: String, _ values: [String: String] = [:], as name: String?) throws -> String {
    try response(route, values, as: name).verdict
  }

  private func response(_ route: String, _ values: [String: String], as name: String?) throws -> HTTPResponse
  {
    var all: [String: String] = [:]
    if let name, route.hasPrefix("user/") {
      all = session(name).merging(["accountid": account(name)]) { $1 }
    }
    return try contract.call(
      "/api/\(route)", all.merging(values) { $1 }, as: name.flatMap { users[$0] })
  }

  /// Expects that a session shows its end, and that the caller's session lives.
  func expectEnded(_ session: [String: String], _ kind: String, as name: String) throws {
    let read = try call("\(kind)/session", session, as: name)
    #expect(read["ended"] == .boolean(true) && read["endedAt"] != nil)
    #expect(try call("user/current-session", as: name)["ended"] == .boolean(false))
  }
}

extension JSON {
  /// A text member of an object.
  func id(_ name: String) throws -> String { try #require(self[name]?.string, "no \(name)") }

  /// A text member of each element.
  func ids(_ name: String) throws -> [String] { try #require(array).map { try $0.id(name) } }
}
