import TestSupport
import Testing

/// The threat model must name tests that exist.
@Suite("the threat model")
struct ThreatModelTests {
  @Test("every test that docs/threat-model.md names exists")
  func names() throws {
    let document = try Files.text("\(Programs.root)/docs/threat-model.md")
    let names = document.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 && $0.element.contains("Tests/") }.map(\.element)
    #expect(names.count > 80)
    var words: [String: Set<String>] = [:]
    for folder in Files.names(in: "\(Programs.root)/Tests") {
      for file in Files.names(in: "\(Programs.root)/Tests/\(folder)") where file.hasSuffix("Tests.swift") {
        let text = try Files.text("\(Programs.root)/Tests/\(folder)/\(file)")
        words[folder, default: []].formUnion(Self.declared(in: text))
      }
    }
    for name in names {
      // MODULE.SUITE/FUNCTION. The module is optional.
      let parts = name.split { $0 == "." || $0 == "/" }
      let (module, suite, function) = (parts.first, parts.dropLast().last, parts.last)
      let places = words.filter { parts.count < 3 || $0.key[...] == module }
      let isThere = places.contains { _, words in
        words.isSuperset(of: ["struct \(suite ?? "")", "func \(function ?? "")"])
      }
      #expect(isThere, "docs/threat-model.md names \(name), which does not exist: correct the name there")
    }
  }

  /// The declarations of a source, such as `struct ListTests` and `func names`.
  private static func declared(in text: String) -> [String] {
    let words = text.utf8.split { " \n({:<".utf8.contains($0) }.map { String(decoding: $0, as: UTF8.self) }
    return zip(words, words.dropFirst()).filter { ["struct", "func"].contains($0.0) }.map { "\($0) \($1)" }
  }
}
