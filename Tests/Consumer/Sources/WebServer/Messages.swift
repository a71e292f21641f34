import DashboardAPI

/// An HTTP request (RFC 9112).
struct Request: Sendable {
  struct Malformed: Error {}

  let method: String
  /// Without the query.
  let path: String
  /// By their names in lower case. Values of one name are joined with `, `.
  let headers: [String: String]
  let body: [UInt8]
  let client: Client

  /// - Returns: `nil` if more bytes must arrive.
  init?(_ bytes: [UInt8], _ client: Client) throws(Malformed) {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    guard let head = String(validating: bytes[..<end.lowerBound], as: UTF8.self) else { throw Malformed() }
    let lines = head.split(separator: "\r\n" as Character)
    let words = (lines.first ?? "").split(separator: " ")
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { throw Malformed() }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw Malformed() }
      let (name, value) = (parts[0].lowercased(), String(parts[1].drop { $0 == " " }))
      headers[name] = headers[name].map { "\($0), \(value)" } ?? value
    }
    guard let length = Int(headers["content-length"] ?? "0"), length >= 0,
      headers["transfer-encoding"] == nil
    else { throw Malformed() }
    let body = bytes[end.upperBound...]
    guard body.count >= length else { return nil }
    method = String(words[0])
    path = String(words[1].prefix { $0 != "?" })
    self.headers = headers
    self.body = Array(body.prefix(length))
    self.client = client
  }

  /// The value of a cookie (RFC 6265 section 5.4).
  func cookie(_ name: String) -> String? {
    (headers["cookie"] ?? "").split(separator: ";")
      .map { $0.drop { $0 == " " } }
      .first { $0.hasPrefix("\(name)=") }
      .map { String($0.dropFirst(name.count + 1)) }
  }

  /// False if a browser says that a page of another site posted the form. Such a form does not get the cookie,
  /// but it could sign the visitor in to another account.
  var isFromThisSite: Bool {
    guard let origin = headers["origin"] else { return true }
    return headers["host"].map { origin == "http://\($0)" || origin == "https://\($0)" } ?? false
  }

  /// The fields of an `application/x-www-form-urlencoded` body.
  var form: [String: String] {
    var fields: [String: String] = [:]
    for field in body.split(separator: UInt8(ascii: "&")) {
      let parts = field.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false
      ).map(Self.decoded)
      if let name = parts[0] { fields[name] = parts.count == 2 ? parts[1] : "" }
    }
    return fields
  }

  /// - Returns: `nil` if the bytes are not UTF-8.
  private static func decoded(_ text: ArraySlice<UInt8>) -> String? {
    var (bytes, rest) = ([UInt8](), text)
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
      if byte == UInt8(ascii: "%"), digits.count == 2 {
        bytes.append(UInt8(digits[0] * 16 + digits[1]))
        rest.removeFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

/// An HTTP response.
struct Response: Sendable {
  private let status: Int
  private let headers: [String]
  private let body: String

  init(html body: String) {
    (status, self.body) = (200, "<!DOCTYPE html>\n<title>Site</title>\n\(body)\n")
    headers = ["Content-Type: text/html; charset=utf-8"]
  }

  init(status: Int, text: String) {
    (self.status, body) = (status, text + "\n")
    headers = ["Content-Type: text/plain; charset=utf-8"]
  }

  /// The browser goes on with GET.
  init(seeOther path: String, cookie: String) {
    (status, body) = (303, "")
    headers = ["Location: \(path)", "Set-Cookie: \(cookie)"]
  }

  var bytes: [UInt8] {
    let always = [
      "Content-Length: \(body.utf8.count)", "Cache-Control: no-store", "X-Content-Type-Options: nosniff",
      "Connection: close",
    ]
    return Array((["HTTP/1.1 \(status) "] + headers + always + ["", body]).joined(separator: "\r\n").utf8)
  }
}
