@testable import DashboardWireFormat
import Testing

@Suite("Runs of bytes")
struct BytesTests {
  private func isPrintable(_ text: [UInt8]) -> Bool { text.span.isPrintable }

  @Test("bytes from space to tilde are printable")
  func printable() {
    for count in 0...17 {
      let text = [UInt8](repeating: UInt8(ascii: "x"), count: count)
      #expect(isPrintable(text))
      for (place, byte) in text.indices.flatMap({ place in (0...255).map { (place, UInt8($0)) } }) {
        var changed = text
        changed[place] = byte
        // The neighbouring bytes must make no difference.
        for neighbour in [0x20, 0x7E] as [UInt8] {
          if count > 1 { changed[(place + 1) % count] = neighbour }
          #expect(isPrintable(changed) == (0x20...0x7E).contains(byte))
        }
      }
    }
  }
}
