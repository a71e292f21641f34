import CDashboardQRCode

/// A QR code (ISO/IEC 18004, model 2) of a text.
package struct QRCode: Equatable, Sendable {
  /// The modules in a row and in a column: 21 to 177.
  package let size: Int
  /// Row by row; true for a dark module.
  private let modules: [Bool]

  /// The smallest code with the error correction level M, or a higher level of the same size. M suits a screen.
  ///
  /// `nil` if the text is too long for any code: the longest has 2,331 bytes.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    let capacity = dashboard_qrcode_capacity
    guard bytes.count <= capacity else { return nil }
    // The first buffer has the text, and then what is computed.
    var scratch = bytes + [UInt8](repeating: 0, count: capacity - bytes.count)
    var code = [UInt8](repeating: 0, count: capacity)
    let isMade = unsafe qrcodegen_encodeBinary(
      &scratch, bytes.count, &code, qrcodegen_Ecc_MEDIUM, 1, 40, qrcodegen_Mask_AUTO, true)
    guard isMade else { return nil }
    let size = unsafe qrcodegen_getSize(code)
    self.size = Int(size)
    modules = (0..<size).flatMap { y in (0..<size).map { x in unsafe qrcodegen_getModule(code, x, y) } }
  }

  /// True for a dark module. Modules outside the code are light.
  package func isDark(x: Int, y: Int) -> Bool {
    (0..<size).contains(x) && (0..<size).contains(y) && modules[y * size + x]
  }
}
