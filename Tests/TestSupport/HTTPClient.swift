/// An answer over HTTP/1.1.
package struct HTTPResponse: Sendable {
  package let status: Int
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]

  package var text: String { String(decoding: body, as: UTF8.self) }

  /// The values of a header, whatever its case.
  package func all(_ name: String) -> [String] {
    headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
  }

  package subscript(_ name: String) -> String? { all(name).first }

  /// The body as JSON.
  package var json: JSON {
    get throws { try JSON(body) }
  }
}

/// A connection over which requests go one after another (RFC 9112).
package struct HTTPClient: Sendable {
  package let socket: StreamSocket

  package init(path: String) throws { socket = try StreamSocket(path: path) }

  package func request(
    _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8]? = nil
  ) throws -> HTTPResponse {
    try socket.send(Self.bytes(method, target, headers: headers, body: body))
    return try receive(isHead: method == "HEAD")
  }

  /// A request as bytes.
  package static func bytes(
    _ method: String, _ target: String, headers: [(String, String)] = [], body: [UInt8]? = nil
  ) -> [UInt8] {
    var text = "\(method) \(target) HTTP/1.1\r\n"
    if !headers.contains(where: { $0.0.lowercased() == "host" }) { text += "Host: dashboard.test\r\n" }
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if let body { text += "Content-Length: \(body.count)\r\n" }
    return Array((text + "\r\n").utf8) + (body ?? [])
  }

  /// The next answer.
  package func receive(isHead: Bool = false) throws -> HTTPResponse {
    guard let head = try socket.receive(through: Array("\r\n\r\n".utf8)) else {
      throw TimedOut("the server closed the connection without an answer")
    }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    var headers: [(name: String, value: String)] = []
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      let value = parts.count == 2 ? parts[1].drop { $0 == " " } : ""
      headers.append((String(parts[0]), String(value)))
    }
    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    var body: [UInt8] = []
    if isHead || status == 204 {
      // No body, whatever the headers say (RFC 9112 section 6.3).
    } else if header("transfer-encoding") == "chunked" {
      while let line = try socket.receive(through: [13, 10]),
        let size = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16)
      {
        body += try socket.receive(size)
        _ = try socket.receive(2)
        if size == 0 { break }
      }
    } else if let length = header("content-length").flatMap({ Int($0) }) {
      body = try socket.receive(length)
    } else {
      body = try socket.receiveAll()
    }
    return HTTPResponse(status: status, headers: headers, body: body)
  }
}
