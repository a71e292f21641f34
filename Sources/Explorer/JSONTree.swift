import DashboardWireFormat

/// A JSON value that can be written as a literal. Members keep their order.
indirect enum JSONTree {
  case text(String)
  case number(Int)
  case boolean(Bool)
  case array([JSONTree])
  case object([(name: String, value: JSONTree)])
  /// Any value that encodes itself.
  case value(any JSONEncodable)

  /// The members of both objects.
  static func + (first: JSONTree, second: JSONTree) -> JSONTree {
    guard case .object(let members) = first, case .object(let more) = second else { return first }
    return .object(members + more)
  }
}

extension JSONTree: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral text: String) { self = .text(text) }
  init(integerLiteral number: Int) { self = .number(number) }
  init(booleanLiteral boolean: Bool) { self = .boolean(boolean) }
  init(arrayLiteral elements: JSONTree...) { self = .array(elements) }
  init(dictionaryLiteral members: (String, JSONTree)...) {
    self = .object(members.map { (name: $0, value: $1) })
  }
}

extension JSONTree: JSONEncodable {
  static var schema: JSONSchema { .object("any") }

  func encode(into writer: inout JSONWriter) {
    switch self {
    case .text(let text): text.encode(into: &writer)
    case .number(let number): number.encode(into: &writer)
    case .boolean(let boolean): boolean.encode(into: &writer)
    case .array(let elements): writer.array(elements)
    case .object(let members):
      writer.object { object in
        for member in members { object.member(named: member.name, member.value) }
      }
    case .value(let value): value.encode(into: &writer)
    }
  }
}

/// The JSON text with a line for each member and element, indented by two blanks.
func indented(_ json: String) -> String {
  var output = ""
  var depth = 0
  var isInString = false
  var isEscaped = false
  var previous: Unicode.Scalar?
  func newLine() { output += "\n" + String(repeating: "  ", count: max(0, depth)) }
  for scalar in json.unicodeScalars {
    defer { previous = scalar }
    if isInString {
      output.unicodeScalars.append(scalar)
      if scalar == "\"", !isEscaped { isInString = false }
      isEscaped = scalar == "\\" && !isEscaped
      continue
    }
    let isClosing = scalar == "}" || scalar == "]"
    if isClosing { depth -= 1 }
    // An empty object or array stays on one line.
    let isInside = previous == "{" || previous == "["
    if isClosing != isInside || previous == "," { newLine() }
    output.unicodeScalars.append(scalar)
    switch scalar {
    case "\"": isInString = true
    case "{", "[": depth += 1
    case ":": output += " "
    default: break
    }
  }
  return output
}
