import TestSupport
import Testing

/// The programs that the guide for Swift programs shows. Tests/Consumer runs them.
@Suite("docs/guide/library.md")
struct LibraryGuideTests {
  @Test("the guide shows the programs of Tests/Consumer", arguments: ["Example/main", "WebServer/Site"])
  func programs(name: String) throws {
    let guide = try Files.text("\(Programs.root)/docs/guide/library.md")
    let program = try Files.text("\(Programs.root)/Tests/Consumer/Sources/\(name).swift")
    #expect(
      guide.contains("```swift\n\(program)```\n"), "copy Tests/Consumer/Sources/\(name).swift into the guide")
  }
}
