/// A FastCGI application's response to one request.
package struct FastCGIResponse: Sendable {
  package internal(set) var standardOutput: [UInt8] = []
  package internal(set) var standardError: [UInt8] = []
  /// From FCGI_END_REQUEST (FastCGI Specification 1.0, section 5.5).
  package internal(set) var applicationStatus: UInt32 = 0
  /// 0 is FCGI_REQUEST_COMPLETE.
  package internal(set) var protocolStatus: UInt8 = 0

  /// The response's status, headers and body (RFC 3875 section 6).
  package var http: HTTPResponse { get throws { try HTTPResponse(ofProgram: standardOutput) } }
}

/// The web server's side of a FastCGI connection. It can break the protocol.
package final class FastCGIClient {
  package let connection: StreamSocket
  private var received: [UInt8] = []

  /// - Parameter timeout: of each read and write, in milliseconds.
  package init(_ address: Address, timeout: Int = 10_000) throws {
    connection = try StreamSocket(address, timeout: timeout)
  }

  /// A whole request in records of at most `size` bytes. Adds no `CONTENT_LENGTH`.
  package static func request(
    _ parameters: [(String, String)], body: [UInt8] = [], keep: Bool = true,
    size: Int = FastCGIRecord.maximumLength, padding: UInt8 = 0, id: UInt16 = 1
  ) -> [FastCGIRecord] {
    let encoded = FastCGIRecord.encode(parameters)
    return [FastCGIRecord.begin(keep: keep, id: id)]
      + FastCGIRecord.stream(FastCGIRecord.Kind.parameters, encoded, size: size, padding: padding, id: id)
      + FastCGIRecord.stream(FastCGIRecord.Kind.standardInput, body, size: size, padding: padding, id: id)
  }

  /// Sends a whole request and reads the response. The parameters are those of `request`.
  package func ask(
    _ parameters: [(String, String)], body: [UInt8] = [], keep: Bool = true,
    size: Int = FastCGIRecord.maximumLength, padding: UInt8 = 0, id: UInt16 = 1
  ) throws -> FastCGIResponse {
    let records = Self.request(parameters, body: body, keep: keep, size: size, padding: padding, id: id)
    try connection.send(records.bytes)
    return try readResponse(id: id)
  }

  package func send(_ records: [FastCGIRecord]) throws { try connection.send(records.bytes) }

  /// Reads up to and including FCGI_END_REQUEST.
  ///
  /// - Throws: if the connection ends before, or if a record does not belong to the response.
  package func readResponse(id: UInt16 = 1) throws -> FastCGIResponse {
    var response = FastCGIResponse()
    while let record = try readRecord() {
      guard record.id == id else { throw TestFailure("a record for request \(record.id)") }
      switch record.kind {
      case FastCGIRecord.Kind.standardOutput: response.standardOutput += record.content
      case FastCGIRecord.Kind.standardError: response.standardError += record.content
      case FastCGIRecord.Kind.endRequest:
        guard record.content.count == 8 else {
          throw TestFailure("FCGI_END_REQUEST of \(record.content.count)")
        }
        response.applicationStatus = record.content[..<4].reduce(0) { $0 << 8 | UInt32($1) }
        response.protocolStatus = record.content[4]
        return response
      default: throw TestFailure("a record of type \(record.kind)")
      }
    }
    throw TestFailure("the connection ended before FCGI_END_REQUEST")
  }

  /// The next record; `nil` at the end of the connection.
  package func readRecord() throws -> FastCGIRecord? {
    guard try fill(8) else { return nil }
    let header = received[..<8]
    let length = Int(header[4]) << 8 | Int(header[5])
    let total = 8 + length + Int(header[6])
    guard try fill(total) else { throw TestFailure("the connection ended in a record") }
    defer { received.removeSubrange(..<total) }
    var record = FastCGIRecord(header[1], Array(received[8..<8 + length]), padding: header[6])
    record.version = header[0]
    record.id = UInt16(header[2]) << 8 | UInt16(header[3])
    return record
  }

  /// - Returns: false if the connection ended between two records.
  private func fill(_ count: Int) throws -> Bool {
    while received.count < count {
      let bytes = try connection.receive()
      guard !bytes.isEmpty else {
        if received.isEmpty { return false }
        throw TestFailure("the connection ended in a record")
      }
      received += bytes
    }
    return true
  }
}
