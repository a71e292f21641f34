import CLinux
import Gateway
import Glibc
import Synchronization
import TestSupport
import WireFormat

/// A responder in this process that tells what it was asked.
final class EchoServer: Sendable {
  let application = Echo()
  let directory: TemporaryDirectory
  let responder: Responder

  var path: String { directory.path("socket") }

  init(_ configure: (inout Responder.Options) -> Void = { _ in }) throws {
    directory = try TemporaryDirectory()
    guard let address = ListenAddress("unix:\(directory.path("socket"))") else {
      throw TimedOut("the temporary path is too long")
    }
    var options = Responder.Options()
    configure(&options)
    responder = try Responder(
      listener: Listener.listen(on: address), application: application, options: options)
  }

  deinit {
    application.release.open()
    _ = responder.stop()
  }

  func client() throws -> FastCGIClient { try FastCGIClient(path: path) }
}

/// Answers with method, path, query, the body's length and state, and the name of the thread.
final class Echo: Application {
  /// What `/blocked` waits for.
  let release = Gate()
  /// How many requests it was asked to answer.
  let count = Atomic<Int>(0)

  func work(for variables: MetaVariables) -> Work {
    if variables.path.starts(with: "/writing".utf8) { return .writing }
    if variables.path.starts(with: "/hashing".utf8) { return .hashing }
    return .reading
  }

  func respond(to request: Request) -> Response {
    count.wrappingAdd(1, ordering: .relaxed)
    if request.variables.path.elementsEqual("/hashing/blocked".utf8) { release.pass() }
    let variables = request.variables
    func text(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }
    var response = Response()
    let size = text(variables.queryString).split(separator: "size=").last.flatMap { Int($0) }
    let words = [
      text(variables.method), text(variables.path), "\(request.body.count)", "\(request.bodyState)",
      Self.threadName,
    ]
    response.body = Array(words.joined(separator: " ").utf8) + [UInt8](repeating: 0x2E, count: size ?? 0)
    return response
  }

  func refuseBusy(_ request: Request) -> Response { Response(status: 503) }

  private static var threadName: String {
    var name = [CChar](repeating: 0, count: 16)
    pthread_getname_np(pthread_self(), &name, name.count)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Lets nobody pass until it is opened.
final class Gate: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var isOpen = false
  private var waiting = 0

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  func pass() {
    pthread_mutex_lock(mutex)
    waiting += 1
    pthread_cond_broadcast(condition)
    while !isOpen { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
  }

  func open() {
    pthread_mutex_lock(mutex)
    isOpen = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Returns once that many wait.
  func awaitWaiting(_ count: Int) {
    pthread_mutex_lock(mutex)
    while waiting < count { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
  }
}
