@testable import DashboardGateway
import DashboardSystem
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite("Stopping a responder")
struct StopTests {
  /// Runs `stop()` on its own thread.
  private final class Stopping: Sendable {
    private let result = Mutex<Bool?>(nil)

    init(_ server: Server) {
      _ = DashboardSystem.Thread.start(name: "stop") { [self] in
        let isClean = server.responder.stop()
        result.withLock { $0 = isClean }
      }
    }

    var isOver: Bool { result.withLock { $0 != nil } }

    /// The result of `stop`. Waits for it.
    func outcome() -> Bool? {
      _ = eventually { isOver }
      return result.withLock { $0 }
    }
  }

  private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  @Test("a responder without connections stops at once", arguments: [1, 3])
  func idle(_ eventThreads: Int) throws {
    let server = try Server { $0.eventThreads = eventThreads }
    #expect(exists(server.path))
    #expect(server.responder.stop())
    #expect(!exists(server.path))
    #expect(throws: TestFailure.self) { try server.connect() }
  }

  @Test("kept connections are served until the web server closes them", arguments: [1, 3])
  func keptConnections(_ eventThreads: Int)
    throws
  {
    let server = try Server {
      $0.eventThreads = eventThreads
      $0.timing.shutdown = 10_000
    }
    var clients = try (0..<6).map { _ in try server.connect() }
    for client in clients { try server.expectAnswer(on: client) }
    let stopping = Stopping(server)
    #expect(eventually { !exists(server.path) })
    while let client = clients.popLast() {
      for path in ["/read", "/write", "/hash"] { try server.expectAnswer(on: client, path: path) }
      #expect(!stopping.isOver)
    }
    #expect(stopping.outcome() == true)
  }

  @Test("a connection that stays open is not waited for beyond the deadline")
  func deadline() throws {
    let server = try Server { $0.timing.shutdown = 150 }
    let client = try server.connect()
    try server.expectAnswer(on: client)
    let start = TestSupport.monotonicMilliseconds()
    #expect(!server.responder.stop())
    let duration = TestSupport.monotonicMilliseconds() - start
    #expect((150..<2_000).contains(duration))
    try server.expectAnswer(on: client)
  }

  @Test("running requests are answered", arguments: ["/held", "/write/held", "/hash/held"])
  func runningRequests(_ path: String) throws {
    let server = try Server { $0.timing.shutdown = 10_000 }
    let client = try server.connect()
    try client.send(FastCGIClient.request(parameters(path), keep: false))
    #expect(server.application.gate.isReached(by: 1))
    let stopping = Stopping(server)
    #expect(eventually { !exists(server.path) })
    server.application.gate.open()
    #expect(try client.readResponse().http.status == 200)
    #expect(client.connection.isEnded())
    withExtendedLifetime(client) {}
    _ = stopping
  }

  /// They connected while the socket file existed, so they won't find another process.
  @Test("connections that wait to be accepted are served")
  func waitingConnections() throws {
    let server = try Server { $0.timing.shutdown = 10_000 }
    let busy = try server.connect()
    try busy.send(FastCGIClient.request(parameters("/held")))
    #expect(server.application.gate.isReached(by: 1))
    let waiting = try (0..<60).map { _ in try server.connect() }
    for client in waiting { try client.send(FastCGIClient.request(parameters("/waiting"))) }
    let stopping = Stopping(server)
    #expect(eventually { !exists(server.path) })
    server.application.gate.open()
    for client in [busy] + waiting { #expect(try client.readResponse().http.status == 200) }
    #expect(!stopping.isOver)
  }
}
