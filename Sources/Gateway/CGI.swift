import DashboardSystem
import Glibc
package import DashboardWireFormat

/// The Common Gateway Interface (RFC 3875): one process serves one request. It reads the request from its environment and
/// descriptor 0, and writes the response to descriptor 1.
package enum CGI {
  /// True if the web server started this process as a CGI program (RFC 3875 section 4.1.4).
  package static func isInvoked(with variables: MetaVariables) -> Bool {
    variables[.gatewayInterface] != nil
  }

  /// Serves the request.
  ///
  /// - Returns: false if the web server did not take the whole response.
  package static func answer(
    _ variables: MetaVariables, application: any Application, bodyLimit: Int
  ) -> Bool {
    var request = Request()
    request.variables = variables
    readBody(of: &request, limit: bodyLimit)
    let response = application.respond(to: request)
    var output: [UInt8] = []
    // lighttpd ends a program as soon as it has the response. The program still stores activity then.
    _ = signal(SIGTERM, SIG_IGN)
    response.serialize(into: &output, omitBody: variables.isHead)
    do throws(Errno) {
      try FileDescriptor.standardOutput.writeAll(output.span)
      return true
    } catch {
      return false
    }
  }

  /// Reads the announced number of bytes and no more (RFC 3875 section 4.2).
  ///
  /// A body that is too long, or for which there is no memory, or of unknown length, is read up to a bound and discarded: some web servers fail if they can't pass
  /// on the whole body.
  private static func readBody(of request: inout Request, limit: Int) {
    guard let length = request.variables.contentLength else {
      // The request was sent in chunks. Apache's mod_cgi passes those on without a length.
      if request.variables[.transferEncoding] != nil {
        request.bodyState = .unannounced
        _ = read(atMost: FastCGIRequest.drainedBytes) { _ in }
      }
      return
    }
    let isTooLong = length > limit
    // Small ones do without the look at the limits of memory.
    let isKept = !isTooLong && (length <= FastCGIRequest.longBody || length <= BodyMemory.allowed)
    let total = read(atMost: isKept ? length : min(length, FastCGIRequest.drainedBytes)) { bytes in
      if isKept { request.body.append(contentsOf: bytes) }
    }
    request.bodyState = isTooLong ? .tooLong : !isKept ? .withoutRoom : total < length ? .cutShort : .complete
  }

  /// Reads until the end or until `most` bytes, and returns their number.
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
