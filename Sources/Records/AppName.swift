/// The name of an app: 1…64 ASCII letters, digits, `_` and `-`.
///
/// Several apps can share one server. Each has its own accounts.
public struct AppName: Hashable, Sendable, CustomStringConvertible {
  public let description: String

  /// The name in the documentation's examples.
  package static let example = AppName(description: "dashboard")

  private init(description: String) { self.description = description }

  /// `nil` if the text is not a valid name.
  public init?(_ text: String) {
    var text = text
    let isValid = text.withUTF8 { text in
      unsafe text.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
      }
    }
    guard isValid, (1...64).contains(text.utf8.count) else { return nil }
    description = text
  }
}
