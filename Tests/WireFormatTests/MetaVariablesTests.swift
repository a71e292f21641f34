import Testing

@testable import WireFormat

/// RFC 3875 section 4.1.
struct MetaVariablesTests {
  private func variables(_ pairs: KeyValuePairs<String, String>) -> MetaVariables {
    var variables = MetaVariables()
    for (name, value) in pairs { variables.append(Array("\(name)=\(value)".utf8).span) }
    return variables
  }

  private func text(_ bytes: Bytes?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  @Test("a variable is found by its exact name; of repeated ones the first")
  func lookUp() {
    let variables = variables(["A": "1", "AB": "2", "A": "3", "EMPTY": ""])
    #expect(text(variables["A"]) == "1")
    #expect(text(variables["AB"]) == "2")
    #expect(variables["a"] == nil)
    #expect(text(variables["EMPTY"]) == "")
    #expect(variables.nonEmpty("EMPTY") == nil)
  }

  @Test("HTTP_PROXY is dropped, and only that (CVE-2016-5385)")
  func proxy() {
    let variables = variables(["HTTP_PROXY": "evil", "HTTP_PROXY_X": "1", "X": "2"])
    #expect(variables["HTTP_PROXY"] == nil)
    #expect(text(variables["HTTP_PROXY_X"]) == "1")
    #expect(text(variables["X"]) == "2")
  }

  @Test("the path is PATH_INFO if it is not empty, else REQUEST_URI up to the question mark")
  func path() {
    #expect(text(variables(["PATH_INFO": "/a", "REQUEST_URI": "/b?c"]).path) == "/a")
    #expect(text(variables(["PATH_INFO": "", "REQUEST_URI": "/b?c?d"]).path) == "/b")
    #expect(text(variables(["REQUEST_URI": "/b"]).path) == "/b")
    #expect(text(variables([:]).path) == "")
  }

  @Test("the query is QUERY_STRING, or what follows the question mark of REQUEST_URI")
  func query() {
    #expect(text(variables(["QUERY_STRING": "a=1", "REQUEST_URI": "/b?c"]).queryString) == "a=1")
    #expect(text(variables(["REQUEST_URI": "/b?c?d"]).queryString) == "c?d")
    #expect(text(variables(["REQUEST_URI": "/b"]).queryString) == "")
  }

  @Test(
    "CONTENT_LENGTH is digits that fit, or it is none",
    arguments: [
      ("0", 0), ("12", 12), ("007", 7), ("9223372036854775807", Int.max), ("9223372036854775808", nil),
      ("", nil),
      ("-1", nil), ("+1", nil), (" 1", nil), ("1 ", nil), ("1e3", nil), ("99999999999999999999999", nil),
    ] as [(String, Int?)])
  func contentLength(text: String, expected: Int?) {
    #expect(variables(["CONTENT_LENGTH": text]).contentLength == expected)
  }

  @Test("TLS is told by HTTPS, or else by REQUEST_SCHEME")
  func isSecure() {
    #expect(variables(["HTTPS": "on"]).isSecure)
    #expect(variables(["HTTPS": "1"]).isSecure)
    #expect(!variables(["HTTPS": "off", "REQUEST_SCHEME": "https"]).isSecure)
    #expect(variables(["HTTPS": "", "REQUEST_SCHEME": "HTTPS"]).isSecure)
    #expect(!variables(["REQUEST_SCHEME": "http"]).isSecure)
    #expect(!variables([:]).isSecure)
  }

  @Test("they can be forgotten and filled again")
  func reuse() {
    var variables = variables(["A": "1"])
    variables.removeAll()
    #expect(variables["A"] == nil)
    for text in ["B=", "C", ""] { variables.append(Array(text.utf8).span) }
    #expect(text(variables["B"]) == "")
    #expect(variables["C"] == nil)
  }
}
