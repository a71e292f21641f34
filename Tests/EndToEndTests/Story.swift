import DashboardEndpoints
import DashboardRouting
import TestSupport
import Testing

/// A site that people use under their first names. Every answer is held against the contract.
final class Story {
  private let contract: Contract
  private var users: [String: Site.User] = [:]
  private var accounts: [String: String] = [:]
  /// By the first names; what is not here has never been changed.
  var usernames: [String: String] = [:]
  var passwords: [String: String] = [:]
  private(set) var walked: Set<String> = []
  private(set) var signIns = 0

  init(_ front: Front) throws { contract = Contract(site: try Site(front)) }

  func account(_ name: String) -> String { accounts[name] ?? "" }

  /// The session that somebody uses now, or used last.
  func session(_ name: String) -> [String: String] { ["sessionid": users[name]?.sessionid ?? ""] }

  func register(_ name: String) throws -> JSON {
    let credentials = ["username": name, "password": "password of \(name)"]
    let account = try ask("user/create-account", credentials, as: nil)
    accounts[name] = try account.id("accountid")
    return account
  }

  /// From here on the person uses the new session.
  func signIn(_ name: String) throws {
    let (username, password) = (usernames[name] ?? name, passwords[name] ?? "password of \(name)")
    let session = try ask("user/create-session", ["username": username, "password": password], as: nil)
    #expect(try session.id("accountid") == account(name))
    users[name] = Site.User(
      accountid: account(name), sessionid: try session.id("sessionid"), token: try session.id("token"))
    signIns += 1
  }

  /// What a route answers, which must be 200.
  ///
  /// - Parameters:
  ///   - route: what follows `/api/`.
  ///   - values: beside the asker's own identifiers on the routes of users.
  func ask(
    _ route: String, _ values: [String: String] = [:], _ more: [String: String] = [:], as name: String?
  )
    throws -> JSON
  {
    let answer = try call(route, values.merging(more) { $1 }, as: name)
    try #require(answer.status == 200, "\(route): \(answer.text)")
    walked.insert("/api/\(route)")
    return try answer.json
  }

  /// Status and message of what a route refuses.
  func refusal(_ route: String, _ values: [String: String] = [:], as name: String?) throws -> String {
    try call(route, values, as: name).verdict
  }

  private func call(_ route: String, _ values: [String: String], as name: String?) throws -> HTTPResponse {
    var all: [String: String] = [:]
    if let name, route.hasPrefix("user/") {
      all = session(name).merging(["accountid": account(name)]) { $1 }
    }
    return try contract.call(
      "/api/\(route)", all.merging(values) { $1 }, as: name.flatMap { users[$0] })
  }

  /// That a session shows its end, and that the session which asks lives.
  func expectEnded(_ session: [String: String], _ kind: String, as name: String) throws {
    let read = try ask("\(kind)/session", session, as: name)
    #expect(read["ended"] == .boolean(true) && read["endedAt"] != nil)
    #expect(try ask("user/current-session", as: name)["ended"] == .boolean(false))
  }
}

extension JSON {
  /// A text of an object.
  func id(_ name: String) throws -> String { try #require(self[name]?.string, "no \(name)") }

  /// A text of each element.
  func ids(_ name: String) throws -> [String] { try #require(array).map { try $0.id(name) } }
}
