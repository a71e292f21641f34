@testable import DashboardGateway
import Synchronization
import TestSupport
import Testing

/// A responder with an `EchoApplication` in this process, on its own socket. It has one event thread by default.
final class Server: Sendable {
  let application = EchoApplication()
  let responder: Responder
  let path: String
  private let directory: TemporaryDirectory

  init(_ configure: (inout Responder.Options) -> Void = { _ in }) throws {
    directory = try TemporaryDirectory()
    path = "\(directory.path)/fcgi.sock"
    var options = Responder.Options()
    options.timing.shutdown = 2_000
    configure(&options)
    let listener = try Listener.listen(on: .unix(path: path))
    responder = try Responder(listener: listener, application: application, options: options)
  }

  deinit { _ = responder.stop() }

  func connect() throws -> FastCGIClient { try FastCGIClient(.unix(path)) }

  /// Every path that reached the application.
  var paths: Set<String> { Set(application.announced.withLock { $0 } + application.answered.withLock { $0 }) }

  /// Expects the response to this request.
  func expectAnswer(
    on client: FastCGIClient, path: String = "/echo", body: [UInt8] = [], thread: String? = nil,
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let answer = try client.ask(parameters(path, body: body), body: body).http
    #expect(answer.status == 200, comment, sourceLocation: sourceLocation)
    #expect(answer.first("X-Path") == path, comment, sourceLocation: sourceLocation)
    #expect(answer.first("X-Body-State") == "complete", comment, sourceLocation: sourceLocation)
    #expect(answer.body == body, comment, sourceLocation: sourceLocation)
    if let thread { #expect(answer.first("X-Thread") == thread, comment, sourceLocation: sourceLocation) }
  }
}

/// The meta-variables of a request. `CONTENT_LENGTH` is the body's length.
func parameters(_ path: String, body: [UInt8] = [], _ others: [(String, String)] = []) -> [(String, String)] {
  [("REQUEST_METHOD", "POST"), ("REQUEST_URI", path), ("CONTENT_LENGTH", "\(body.count)")] + others
}

/// Bytes of every value, in which neighbours differ.
func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) } }
