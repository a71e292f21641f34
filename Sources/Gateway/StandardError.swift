import Glibc

/// Descriptor 2. One write a line, so that lines of several threads and processes don't mix.
package enum StandardError {
  /// Writes the text, with a line end if it has none.
  package static func write(_ text: String) {
    var line = text
    if !line.hasSuffix("\n") { line += "\n" }
    line.withUTF8 { bytes in _ = unsafe Glibc.write(2, bytes.baseAddress, bytes.count) }
  }
}
