@testable import DashboardAccounts
import Testing

@Suite("names of groups")
struct GroupNamesTests {
  private func groups(_ text: String) -> [String]? { try? GroupNames.parse(Array(text.utf8)[...]) }

  @Test("names are separated by commas, in ascending order, each once")
  func names() {
    #expect(groups("") == [] && groups("  ") == [])
    #expect(groups("a") == ["a"])
    #expect(groups(" family , editors,family,0-9") == ["0-9", "editors", "family"])
    #expect(groups(String(repeating: "a", count: 32)) == [String(repeating: "a", count: 32)])
    #expect(groups((1...64).map { "g\($0)" }.joined(separator: ","))?.count == 64)
    #expect(groups(String(repeating: "a,", count: 1000) + "a") == ["a"])
  }

  @Test(
    "a malformed list is refused as a whole",
    arguments: [
      ",", "a,", ",a", "a,,b", "a b", "Editors", "ä", "a_b", "a\n", "a\0", "a;b", "a, ,b",
      String(repeating: "a", count: 33), (1...65).map { "g\($0)" }.joined(separator: ","),
    ])
  func malformed(text: String) { #expect(groups(text) == nil) }
}
