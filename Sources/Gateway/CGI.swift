import DashboardSystem
package import DashboardWireFormat

/// The Common Gateway Interface (RFC 3875): one process, one request, read from the environment and descriptor 0,
/// answered on descriptor 1.
package enum CGI {
  /// Whether this process was started as a CGI program (RFC 3875 section 4.1.4).
  package static func isInvoked(with variables: MetaVariables) -> Bool {
    variables[.gatewayInterface] != nil
  }

  /// Answers the one request. False: the web server did not take the answer.
  package static func answer(
    _ variables: MetaVariables, application: any Application, bodyLimit: Int
  ) -> Bool {
    var request = Request()
    request.variables = variables
    readBody(of: &request, limit: bodyLimit)
    let response = application.respond(to: request)
    var output: [UInt8] = []
    response.serialize(into: &output, omitBody: variables.isHead)
    do throws(Errno) {
      try FileDescriptor.standardOutput.writeAll(output.span)
      return true
    } catch {
      return false
    }
  }

  /// Reads as many bytes as announced, which is all there is to read (RFC 3875 section 4.2). A body that is longer than the
  /// limit, or of unknown length, is read and thrown away, up to a bound: some web servers fail when they can't pass on
  /// all of it.
  private static func readBody(of request: inout Request, limit: Int) {
    guard let length = request.variables.contentLength else {
      // Sent in chunks: Apache's mod_cgi passes these on without counting them.
      if request.variables[.transferEncoding] != nil {
        request.bodyState = .unannounced
        _ = read(atMost: FastCGIRequest.drainedBytes) { _ in }
      }
      return
    }
    let isKept = length <= limit
    let total = read(atMost: isKept ? length : min(length, FastCGIRequest.drainedBytes)) { bytes in
      if isKept { request.body.append(contentsOf: bytes) }
    }
    request.bodyState = !isKept ? .tooLong : total < length ? .cutShort : .complete
  }

  /// Reads to the end, or so many bytes; returns how many.
  private static func read(atMost most: Int, _ take: (ArraySlice<UInt8>) -> Void) -> Int {
    var total = 0
    var buffer = [UInt8](repeating: 0, count: min(most, 64 * 1024))
    while total < most {
      guard let count = try? FileDescriptor.standardInput.read(into: &buffer, limit: most - total), count > 0
      else { break }
      total += count
      take(buffer[..<count])
    }
    return total
  }
}
