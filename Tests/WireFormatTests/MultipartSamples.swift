import DashboardWireFormat
import Testing

/// A part with its content, which a failed test prints readably.
struct MultipartField: Equatable, CustomStringConvertible {
  var name: String
  var fileName: String?
  var contentType: String?
  var content: String

  init(_ name: String, _ content: String, fileName: String? = nil, contentType: String? = nil) {
    self.name = name
    self.fileName = fileName
    self.contentType = contentType
    self.content = content
  }

  var description: String {
    "\(name.debugDescription): \(content.debugDescription) (\(fileName ?? "no file"), \(contentType ?? "no type"))"
  }
}

extension MultipartBody {
  var fields: [MultipartField] {
    parts.map { part in
      MultipartField(
        String(decoding: part.name, as: UTF8.self), String(decoding: content(of: part), as: UTF8.self),
        fileName: part.fileName.map { String(decoding: $0, as: UTF8.self) },
        contentType: part.contentType.map { String(decoding: $0, as: UTF8.self) })
    }
  }
}

/// Decodes a complete body.
///
/// - Throws: a fault of any part too.
func multipart(_ body: String, boundary: String = "b") throws(FormError) -> [MultipartField] {
  let body = try MultipartDecoder.decode(Array(body.utf8), boundary: Array(boundary.utf8)[...])
  if let fault = body.parts.lazy.compactMap(\.fault).first { throw fault }
  return body.fields
}

/// A form of a body whose parameters have these names.
func multipartForm(
  _ body: [UInt8], charset: Charset? = nil, asking names: Set<String> = [], boundary: String = "b"
) throws(FormError) -> Form {
  try Form(
    MultipartDecoder.decode(body, boundary: Array(boundary.utf8)[...]), charset: charset,
    asks: { names.contains(String(decoding: $0, as: UTF8.self)) })
}

/// Decodes a body of one part with these header lines and this content.
func multipartPart(_ headers: String..., content: String = "x") throws(FormError) -> MultipartField? {
  let block = headers.map { $0 + "\r\n" }.joined()
  return try multipart("--b\r\n\(block)\r\n\(content)\r\n--b--\r\n").first
}

/// Decodes a body in pieces. Each cut is the offset where a piece ends.
func multipart(_ body: [UInt8], boundary: String, cuts: [Int]) throws(FormError) -> MultipartBody {
  var decoder = try MultipartDecoder(boundary: Array(boundary.utf8)[...])
  var start = 0
  for end in cuts + [body.count] {
    try decoder.append(body[start..<end])
    start = end
  }
  return try decoder.finish()
}

/// A whole body and its parts.
struct MultipartSample: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let boundary: String
  let body: [UInt8]
  let fields: [MultipartField]
  /// The offset after the close delimiter. The decoder ignores the bytes from there on.
  let end: Int

  init(
    _ description: String, boundary: String = "boundary", body: String, fields: [MultipartField]
  ) {
    testDescription = description
    self.boundary = boundary
    let bytes = Array(body.utf8)
    self.body = bytes
    self.fields = fields
    let close = Array("--\(boundary)--".utf8)
    end = (bytes.indices.last { bytes[$0...].starts(with: close) } ?? 0) + close.count
  }

  /// A body whose fields have these contents.
  init(_ description: String, contents: [String]) {
    let parts = contents.map {
      "--boundary\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n\($0)\r\n"
    }
    self.init(
      description, body: parts.joined() + "--boundary--\r\n",
      fields: contents.map { MultipartField("n", $0) })
  }

  static let all = [
    browser, padded, empty, spaced,
    MultipartSample(
      "contents that begin as delimiters do",
      contents: [
        "\r\n-", "\r\n--", "\r\n--boundar", "\r\n--boundary2", "\r\n--boundary-", "\r\n--boundary \tx",
        "\r\n--boundary\r", "\r\n--boundary \r", "\r\n--boundary\n", "\r\n--boundary --", "x--boundary--",
        "\r--boundary\r\n", "\n--boundary\r\n", "\r\n--Boundary\r\n",
      ]),
    MultipartSample(
      "contents of CR and LF",
      contents: ["", "\r", "\n", "\r\n", "\r\r\r\r\r", "\r\n\r\n", "\r\r\n", "\n\r", "\r\n\r\n\r\n\r"]),
    MultipartSample(
      "delimiters that are almost there, over and over",
      contents: [
        String(repeating: "\r\n-", count: 40), String(repeating: "\r\n--boundar", count: 20),
        String(repeating: "\r\n--boundary \r", count: 12), String(repeating: "\r\n--boundary-", count: 12),
      ]),
  ]

  static let browser = MultipartSample(
    "what a browser sends", boundary: "----WebKitFormBoundaryePkpFF7tjBAqx29L",
    body: """
      ------WebKitFormBoundaryePkpFF7tjBAqx29L\r
      Content-Disposition: form-data; name="user%22name"\r
      \r
      Žofie\r
      ------WebKitFormBoundaryePkpFF7tjBAqx29L\r
      Content-Disposition: form-data; name="picture"; filename="č.png"\r
      Content-Type: image/png\r
      \r
      \u{1}\r\n--\u{0}\r
      ------WebKitFormBoundaryePkpFF7tjBAqx29L\r
      Content-Disposition: form-data; name="none"; filename=""\r
      Content-Type: application/octet-stream\r
      \r
      \r
      ------WebKitFormBoundaryePkpFF7tjBAqx29L--\r

      """,
    fields: [
      MultipartField("user\"name", "Žofie"),
      MultipartField("picture", "\u{1}\r\n--\u{0}", fileName: "č.png", contentType: "image/png"),
      MultipartField("none", "", fileName: "", contentType: "application/octet-stream"),
    ])

  static let padded = MultipartSample(
    "preamble, padding and epilogue", boundary: "a b",
    body: "before\r\n--a b?\r\n--a b \t \r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--a b\t\r\n"
      + "Content-Disposition: form-data; name=y\r\n\r\n--a b--  \r\nafter",
    fields: [MultipartField("x", "1"), MultipartField("y", "")])

  /// The boundary ends with a space, which is no padding.
  static let spaced = MultipartSample(
    "a boundary of spaces, quotes and backslashes", boundary: #" "\; "#,
    body:
      "-- \"\\;\r\n-- \"\\; \r\nContent-Disposition: form-data; name=x\r\n\r\n\r\n-- \"\\;--\r\n-- \"\\;  --"
      + "\r\n-- \"\\;  \t\r\nContent-Disposition: form-data; name=y\r\n\r\n1\r\n-- \"\\; --",
    fields: [MultipartField("x", "\r\n-- \"\\;--\r\n-- \"\\;  --"), MultipartField("y", "1")])

  static let empty = MultipartSample("a form without fields", body: "--boundary--\r\n", fields: [])
}
