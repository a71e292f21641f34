import TestSupport
import Testing

/// Only the engine knows which database is beneath the store.
@Suite("the interface of the store")
struct FaceTests {
  @Test("only the engine and the LMDB module name LMDB or its files")
  func engineIsHidden() throws {
    let sources = "\(Programs.root)/Sources"
    var count = 0
    for file in Files.all(in: sources) where file.hasSuffix(".swift") {
      if file.hasPrefix("\(sources)/LMDB/") || file.hasPrefix("\(sources)/Store/LMDBEngine/") { continue }
      count += 1
      let text = try Files.text(file).lowercased()
      for word in ["lmdb", "mdb_", "data.mdb"] where text.contains(word) {
        Issue.record("\(file) names \(word): move that code to Sources/Store/LMDBEngine")
      }
    }
    #expect(count > 100)
  }
}
