import DashboardEndpoints
import DashboardRouting
import TestSupport
import Testing

@Suite("docs/reference/routes.md")
struct RoutesReferenceTests {
  @Test("docs/reference/routes.md has a line for every route, and no other")
  func lines() throws {
    let page = try Files.text("\(Programs.root)/docs/reference/routes.md")
    let listed = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
      .map { String($0.dropFirst(3).prefix { $0 != "`" }) }
    let routes = Routes.endpoints.map(\.declaration).map { "\($0.verb.rawValue) \($0.route)" }
    #expect(listed.sorted() == routes.sorted())
  }
}
