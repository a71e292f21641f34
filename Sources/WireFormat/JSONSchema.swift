/// What a JSON value looks like, for documentation (JSON Schema, draft 2020-12).
public indirect enum JSONSchema: Hashable, Sendable {
  /// - Parameters:
  ///   - format: such as `date-time`.
  ///   - pattern: a regular expression.
  case string(format: String? = nil, pattern: String? = nil)
  /// This very text.
  case constant(String)
  case integer
  case boolean
  case array(JSONSchema)
  /// An object of the kind of that name, whose fields are told elsewhere.
  case object(String)

  /// One member of an object.
  public struct Field: Hashable, Sendable {
    public let name: String
    public let schema: JSONSchema
    /// Whether it is always there.
    public let isRequired: Bool
  }

  /// In words: "session", "array of session", "integer".
  public var words: String {
    switch self {
    case .string, .constant: "string"
    case .integer: "integer"
    case .boolean: "boolean"
    case .array(let element): "array of \(element.words)"
    case .object(let name): name
    }
  }
}

/// A value whose type shows an example of itself.
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
