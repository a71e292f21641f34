import TestSupport
import Testing

/// No code outside of the engine knows what is beneath the store.
@Suite("the store's face")
struct FaceTests {
  @Test("outside of its engine and of the LMDB module, no source file names LMDB or its files")
  func engineIsHidden() throws {
    let sources = "\(Programs.root)/Sources"
    var count = 0
    for file in Files.all(in: sources) where file.hasSuffix(".swift") {
      if file.hasPrefix("\(sources)/LMDB/") || file.hasPrefix("\(sources)/Store/LMDBEngine/") { continue }
      count += 1
      let text = try Files.text(file).lowercased()
      for word in ["lmdb", "mdb_", "data.mdb"] where text.contains(word) {
        Issue.record("\(file) names \(word): only the engine may")
      }
    }
    #expect(count > 100)
  }
}
