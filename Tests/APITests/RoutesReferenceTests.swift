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
}
