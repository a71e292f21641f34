import DashboardWireFormat
import TestSupport
import Testing

@Suite("JSON from outside")
struct JSONValueTests {
  private func read(_ text: String) -> JSONValue? { JSONValue(Array(text.utf8)[...]) }

  @Test("values of all types")
  func types() {
    let values: [(String, JSONValue)] = [
      ("{}", .object([])), ("[]", .array([])),
      (
        " [ 1 , \"a\" ,null,true,\tfalse\r\n] ",
        .array([
          .number("1"), .string("a"), .null, .boolean(true), .boolean(false),
        ])
      ), ("\"\"", .string("")), ("\"ü水𐅑\"", .string("ü水𐅑")),
      ("\"\u{7F}\u{2028}\"", .string("\u{7F}\u{2028}")),
      (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
      (#""\u0041\u00fC\uD800\uDD51\u0000""#, .string("Aü𐅑\0")),
    ]
    for (text, value) in values { #expect(read(text) == value) }
    for number in ["0", "-0", "10", "-1.50", "1e5", "1E+5", "0.1e-05", "123456789012345678901234567890"] {
      #expect(read(number) == .number(number))
    }
  }

  @Test("members are found by name")
  func members() {
    let object = read(#"{"a":"1","b":{"a":2},"é":3,"e\u0301":4}"#)
    #expect(object?["a"]?.string == "1")
    #expect(object?["b"]?["a"] == .number("2"))
    #expect(object?["b"]?.string == nil)
    #expect(object?["c"] == nil)
    #expect(object?["é"] == .number("3"))
    #expect(read("[]")?["a"] == nil)
  }

  @Test(
    "texts that are not JSON are refused",
    arguments: [
      "", " ", "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1",
      "{\"a\":1,}", "{a:1}",
      "{'a':1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "tru", "True", "nul", "truefalse", "NaN",
      "Infinity", "-", "+1", "01",
      "-01", "1.", ".1", "1e", "1e+", "0x1", "1 2", "{}{}", "\"", "\"\\", "\"\\x\"", "\"\\u12\"",
      "\"\\u12g4\"", "\"\\uD800\"",
      "\"\\uDC00\"", "\"\\uD800x\"", "\"\\uD800\\n\"", "\"\\uD800\\u0041\"", "\"\\uD800\\uD800\"", "\"\n\"",
      "\"\t\"", "\"\0\"",
      "\u{FEFF}{}", "{}\0", "// a\n1", "\u{A0}1", "\"a\"b",
    ])
  func malformed(text: String) {
    #expect(read(text) == nil)
  }

  @Test("a name that comes twice is refused, also if it is escaped")
  func duplicates() {
    #expect(read(#"{"a":1,"a":1}"#) == nil)
    #expect(read(#"{"a":1,"b":2,"\u0061":3}"#) == nil)
    #expect(read(#"[{"b":{"a":1,"a":2}}]"#) == nil)
    #expect(read(#"{"a":{"a":1},"A":2}"#) != nil)
  }

  @Test("bytes that are not UTF-8 are refused")
  func encoding() {
    for wrong in [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]] {
      #expect(JSONValue(([0x22] + wrong + [0x22])[...]) == nil)
    }
  }

  @Test("at most eight containers are inside each other")
  func depth() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[{\"a\":", count: depth / 2) + "0" + String(repeating: "}]", count: depth / 2)
    }
    #expect(read(nested(8)) != nil)
    #expect(read(nested(10)) == nil)
    #expect(read("[[[[[[[[0]]]]]]]]") != nil)
    #expect(read("[[[[[[[[[0]]]]]]]]]") == nil)
    #expect(read(String(repeating: "[", count: 1_000_000)) == nil)
  }

  @Test("random texts trap nothing, and are read as the strict reader of the tests reads them")
  func total() {
    var random = SeededRandom(seed: 8259)
    let sample = Array(
      #"{"type":"webauthn.get","a":[1,-2.5e3,true,false,null,"\u00e9\n"],"b":{"c":"é"}}"#.utf8)
    let alphabet = Array("{}[]\",:\\u0e-.+ 1tfnatruelsé".utf8) + [0, 0xFF]
    var values = 0
    for round in 0..<20_000 {
      var bytes = sample
      if round.isMultiple(of: 2) {
        bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
          alphabet.randomElement(using: &random) ?? 0
        }
      } else {
        let place = Int.random(in: bytes.indices, using: &random)
        bytes[place] = alphabet.randomElement(using: &random) ?? 0
        if Bool.random(using: &random) { bytes.remove(at: Int.random(in: bytes.indices, using: &random)) }
      }
      guard JSONValue(bytes[...]) != nil else { continue }
      values += 1
      #expect(throws: Never.self) { try JSON(bytes) }
    }
    #expect(values > 300)
  }
}
