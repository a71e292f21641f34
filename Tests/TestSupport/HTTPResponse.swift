/// A response over HTTP/1.1 or of a CGI program.
package struct HTTPResponse: Sendable {
  package let status: Int
  package let headers: [(name: String, value: String)]
  package internal(set) var body: [UInt8]

  /// - Parameter head: the lines before the empty one. They begin with a status line, or include the header `Status` (RFC 3875
  ///   section 6.3.3).
  init(head: String, body: [UInt8] = []) {
    var headers: [(name: String, value: String)] = []
    for line in head.split(separator: "\r\n") where !line.hasPrefix("HTTP/") {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers.append((String(parts[0]), parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""))
    }
    let line = headers.first { $0.name == "Status" }?.value ?? String(head.drop { $0 != " " }.dropFirst())
    status = Int(line.prefix { $0.isNumber }) ?? 0
    self.headers = headers
    self.body = body
  }

  /// Reads the whole response of a CGI or FastCGI program.
  package init(ofProgram bytes: [UInt8]) throws {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
      throw TestFailure(
        "no empty line after the headers: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
    }
    self.init(
      head: String(decoding: bytes[..<end.lowerBound], as: UTF8.self), body: Array(bytes[end.upperBound...]))
  }

  package var text: String { String(decoding: body, as: UTF8.self) }

  /// The values of a header, by its name in any case.
  package func all(_ name: String) -> [String] {
    headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
  }

  package func first(_ name: String) -> String? { all(name).first }

  package subscript(_ name: String) -> String? { first(name) }

  /// The body as JSON.
  package var json: JSON {
    get throws { try JSON(body) }
  }
}
