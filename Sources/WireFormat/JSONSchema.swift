/// The type of a JSON value, for documentation (JSON Schema, draft 2020-12).
public indirect enum JSONSchema: Hashable, Sendable {
  /// - Parameters:
  ///   - format: such as `date-time`.
  ///   - pattern: a regular expression.
  case string(format: String? = nil, pattern: String? = nil)
  /// This text and no other.
  case constant(String)
  case integer
  case boolean
  case array(JSONSchema)
  /// An object of this kind. Its fields are documented elsewhere.
  case object(String)
  /// An object that another specification describes.
  case foreign

  /// A member of an object.
  public struct Field: Hashable, Sendable {
    public let name: String
    public let schema: JSONSchema
    /// True if every such object has the member.
    public let isRequired: Bool
  }

  /// The type in words, such as "session", "array of session" or "integer".
  public var words: String {
    switch self {
    case .string, .constant: "string"
    case .integer: "integer"
    case .boolean: "boolean"
    case .array(let element): "array of \(element.words)"
    case .object(let name): name
    case .foreign: "object"
    }
  }
}

/// A type with an example of its values.
public protocol Exemplary {
  static var example: Self { get }
}

extension Int: Exemplary {
  public static var example: Int { 2 }
}

extension Bool: Exemplary {
  public static var example: Bool { true }
}

extension Array: Exemplary where Element: Exemplary {
  public static var example: [Element] { [Element.example] }
}
