import DashboardAccounts
import DashboardEndpoints
import DashboardRouting
import TestSupport
import Testing

@Suite("docs/reference/routes.md")
struct RoutesReferenceTests {
  @Test("docs/reference/routes.md has one line for each route")
  func lines() throws {
    let page = try Files.text("\(Programs.root)/docs/reference/routes.md")
    let listed = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
      .map { String($0.dropFirst(3).prefix { $0 != "`" }) }
    let routes = Routes.endpoints.map(\.declaration).map { "\($0.verb.rawValue) \($0.route)" }
    for route in routes where !listed.contains(route) {
      Issue.record(
        "no line for \(route): add `| `\(route)` | CALLER | SENTENCE |` to docs/reference/routes.md")
    }
    for route in listed where !routes.contains(route) {
      Issue.record(
        "\(route) is not in Sources/API/Routes.swift: remove its line from docs/reference/routes.md")
    }
    #expect(Set(listed).count == listed.count, "docs/reference/routes.md has two lines for one route")
  }

  @Test("docs/reference/routes.md tells of each route who may call it, and whether the session must be fresh")
  func callers() throws {
    let page = try Files.text("\(Programs.root)/docs/reference/routes.md")
    for declaration in Routes.endpoints.map(\.declaration) {
      let start = "| `\(declaration.verb.rawValue) \(declaration.route)` | "
      guard let line = page.split(separator: "\n").first(where: { $0.hasPrefix(start) }) else { continue }
      let caller = String(line.dropFirst(start.count).prefix { $0 != "|" }.dropLast())
      let roles =
        switch declaration.access.role {
        case .anyone: ["everyone"]
        case .signedIn: ["signed in"]
        // The rule asks for the owner, and the access for an administrator.
        case .administrator: ["administrator", "owner"]
        }
      let allowed = roles.map { declaration.access.isFresh ? "\($0), fresh" : $0 }
      #expect(allowed.contains(caller), "\(declaration.route)")
    }
  }
}
