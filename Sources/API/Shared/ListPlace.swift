import DashboardCrypto
import DashboardRecords
import DashboardWireFormat

/// The place of a list's element, for the `Link` to the next part, which goes on there even when the element is
/// gone.
///
/// Its text reveals nothing: a place would tell how many records the store has had. It is valid for one caller.
struct ListPlace {
  private let key: [UInt8]
  private let id: String

  /// - Parameter id: the identifier of the element.
  init(of id: String, for caller: Account) {
    self.id = id
    key = caller.sessionSalt
  }

  /// 32 hexadecimal digits.
  func text(_ place: UInt64) -> String {
    Hexadecimal.text(Self.bytes(place ^ mask) + mark(place))
  }

  /// The place in a text; `nil` if the text was not made for this element and caller.
  func place(in text: Bytes) -> UInt64? {
    guard text.count == 32 else { return nil }
    var masked: UInt64 = 0
    for byte in text.prefix(16) {
      guard let digit = Hexadecimal.value(ofLowerCase: byte) else { return nil }
      masked = masked << 4 | UInt64(digit)
    }
    let place = masked ^ mask
    return Hash.areEqual(Array(text), Array(self.text(place).utf8)) ? place : nil
  }

  /// Hides the place. Each element has its own.
  private var mask: UInt64 {
    Hash.hmacSHA256(Array("list-place/\(id)".utf8), key: key).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func mark(_ place: UInt64) -> [UInt8] {
    Array(Hash.hmacSHA256(Array("list-place/\(id)/\(place)".utf8), key: key).prefix(8))
  }

  private static func bytes(_ number: UInt64) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
  }
}
