import Glibc

/// Descriptor 2.
package enum StandardError {
  /// Writes the text, followed by a line end if it has none.
  ///
  /// Each line is one write(2), so that lines of several threads and processes do not mix. A line that can't be written is lost.
  package static func write(_ text: String) {
    var line = text
    if !line.hasSuffix("\n") { line += "\n" }
    line.withUTF8 { bytes in _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
  }
}
