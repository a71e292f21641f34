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
    var sources: [String: String] = [:]
    for folder in Files.names(in: "\(Programs.root)/Tests") {
      for file in Files.names(in: "\(Programs.root)/Tests/\(folder)") where file.hasSuffix("Tests.swift") {
        sources[folder, default: ""] += try Files.text("\(Programs.root)/Tests/\(folder)/\(file)")
      }
    }
    for name in names {
      // MODULE.SUITE/FUNCTION. The module is optional.
      let parts = name.split { $0 == "." || $0 == "/" }
      let (module, suite, function) = (parts.first, parts.dropLast().last, parts.last)
      let places = sources.filter { parts.count < 3 || $0.key[...] == module }
      let isThere = places.contains { _, text in
        text.contains("struct \(suite ?? "") {") && text.contains(" func \(function ?? "")(")
      }
      #expect(isThere, "docs/threat-model.md names \(name), which does not exist: correct the name there")
    }
  }
}
