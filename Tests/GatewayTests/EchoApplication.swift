import DashboardGateway
import DashboardWireFormat
import Synchronization
import TestSupport

/// Reports what reached it: the response has the request's body, and headers with the rest. The path chooses the kind of work:
/// `/write…`, `/hash…`, `/long…`, any other only reads. A path that ends in `held` waits for `gate`.
final class EchoApplication: Application {
  let gate = Gate()
  /// Paths of requests whose kind of work was requested, and of answered requests.
  let announced = Mutex<[String]>([])
  let answered = Mutex<[String]>([])
  let hashingTime = Atomic<Int64>(0)

  var hashingDuration: Int64 { hashingTime.load(ordering: .relaxed) }

  func work(for variables: MetaVariables) -> Work {
    let path = Self.text(variables.path)
    announced.withLock { $0.append(path) }
    if path.hasPrefix("/long") { return .lengthyReading(client: Array(variables[.remoteAddress] ?? [])) }
    return path.hasPrefix("/write")
      ? .writing
      : path.hasSuffix("hash") || path.hasPrefix("/hash")
        ? .hashing(client: variables[.remoteAddress].map(Array.init)) : .reading
  }

  func respond(to request: Request) -> Response {
    let path = Self.text(request.variables.path)
    answered.withLock { $0.append(path) }
    if path.hasSuffix("held") { gate.pass() }
    // Takes long enough for the clock to measure.
    let start = monotonicMilliseconds()
    while path.hasPrefix("/hash"), monotonicMilliseconds() < start + 2 {}
    return Self.response(200, to: request)
  }

  func refuseBusy(_ request: Request) -> Response { Self.response(503, to: request) }

  private static func response(_ status: Int, to request: Request) -> Response {
    var response = Response(status: status)
    let thread = (try? Files.read("/proc/thread-self/comm")).map { text($0[...].dropLast()) } ?? ""
    let headers: [(StaticString, String)] = [
      ("X-Path", text(request.variables.path)), ("X-Thread", thread),
      ("X-Body-State", "\(request.bodyState)"),
      ("X-Cookie", request.variables[.cookie].map(text) ?? ""),
      ("X-Parameters", request.areParametersTooLong ? "too long" : "complete"),
    ]
    for (name, value) in headers { try? response.add(name, value) }
    response.body = request.body
    return response
  }

  private static func text(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Holds threads until it is opened, for at most a minute: on a busy machine a test may pause for seconds.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var passers = 0
  }

  private let state = Mutex(State())

  func open() { state.withLock { $0.isOpen = true } }

  func pass() {
    state.withLock { $0.passers += 1 }
    _ = eventually(timeout: 60_000) { state.withLock { $0.isOpen } }
  }

  /// True once `count` threads have come to the gate. Waits for them.
  func isReached(by count: Int) -> Bool { eventually { state.withLock { $0.passers } >= count } }
}

final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func increment() { count.withLock { $0 += 1 } }
}
