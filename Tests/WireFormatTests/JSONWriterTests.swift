@testable import DashboardWireFormat
import Testing

@Suite("Writing JSON: RFC 8259")
struct JSONWriterTests {
  private struct Thing: JSONEncodable {
    let name: String
    let size: Int?
    let parts: [Thing]

    static var schema: JSONSchema { .object("thing") }

    func encode(into writer: inout JSONWriter) {
      writer.object { object in
        object.member("name", name)
        object.member("size", size)
        object.member("parts", parts)
      }
    }
  }

  @Test("objects, arrays and members, with commas between and absent values left out")
  func structure() {
    let leaf = Thing(name: "b", size: 1, parts: [])
    let tree = Thing(name: "a", size: nil, parts: [leaf, leaf])
    #expect(
      JSONWriter.text(tree)
        == #"{"name":"a","parts":[{"name":"b","size":1,"parts":[]},{"name":"b","size":1,"parts":[]}]}"#)
    #expect(JSONWriter.text([tree].filter { _ in false }) == "[]")
    #expect(JSONWriter.text([1, 2, 3]) == "[1,2,3]")
  }

  @Test("a type lists its own members, with and without values")
  func fields() {
    let leaf = Thing(name: "b", size: 1, parts: [])
    let fields: [JSONSchema.Field] = [
      .init(name: "name", schema: .string(), isRequired: true),
      .init(name: "size", schema: .integer, isRequired: false),
      .init(name: "parts", schema: .array(.object("thing")), isRequired: true),
    ]
    #expect(JSONWriter.fields(of: Thing(name: "a", size: nil, parts: [leaf])) == fields)
    #expect(JSONWriter.fields(of: [leaf]) == fields)
    #expect(JSONWriter.fields(of: 1) == [])
  }

  @Test("numbers and Booleans are written completely")
  func scalars() {
    #expect(JSONWriter.text(0) == "0")
    #expect(JSONWriter.text(Int64.min) == "-9223372036854775808")
    #expect(JSONWriter.text(UInt32.max) == "4294967295")
    #expect(JSONWriter.text(true) == "true")
    #expect(JSONWriter.text(false) == "false")
  }

  @Test(
    "strings are escaped (section 7)",
    arguments: [
      ("", #""""#), ("plain", #""plain""#), ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#), ("/", #""/""#),
      ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#), ("\u{0}\u{1F}\u{10}\u{B}", #""\u0000\u001f\u0010\u000b""#),
      ("\u{7F}", "\"\u{7F}\""), ("é€😀", "\"é€😀\""), ("\u{2028}", "\"\u{2028}\""),
    ])
  func strings(text: String, json: String) {
    #expect(JSONWriter.text(text) == json)
  }

  @Test("every control character is escaped")
  func controls() {
    for value in UInt8(0)..<0x20 {
      let bytes = JSONWriter.bytes(String(Unicode.Scalar(value)))
      #expect(bytes.allSatisfy { $0 >= 0x20 })
      #expect(bytes.count > 3)
    }
  }
}
