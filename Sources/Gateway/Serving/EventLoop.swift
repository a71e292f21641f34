import DashboardSystem
import DashboardWireFormat
import Glibc

/// One event thread. It accepts connections, waits for requests, and answers complete requests that only read.
///
/// It never blocks on a connection or the disk: a worker pool takes such connections and returns them through `finished`.
///
/// Safe to share: only its own thread touches its properties, except the waker and the properties that `returnLock` guards.
final class EventLoop: @unchecked Sendable {
  let context: ResponderContext
  private let listener: Listener
  private let poller: Poller
  private let waker: Waker

  private let returnLock = Monitor()
  private var returned: [Returned] = []
  private var isStopping = false

  var connections = Connections()
  var spareRequests: [FastCGIRequest] = []
  let channel: ParameterChannel
  /// The bytes that one call of recv(2) gets.
  var arrived = [UInt8](repeating: 0, count: arrivedBytes)
  static let arrivedBytes = 64 * 1024
  /// Connections that may hold more bytes. Others have their turn in between, so a peer that sends without end delays none.
  var again: [Int32] = []
  private var isAccepting = true
  private var acceptsAgainAt: Int64?

  /// A connection whose request a worker pool has answered.
  private struct Returned {
    let descriptor: Int32
    let request: FastCGIRequest
    let isKept: Bool
  }

  init(context: ResponderContext, listener: Listener) throws(SystemError) {
    self.context = context
    self.listener = listener
    poller = try Poller()
    waker = try Waker()
    channel = try ParameterChannel()
    try poller.add(listener.descriptor, .shared)
    try poller.add(waker.descriptor, .level)
  }

  /// Makes the loop stop accepting, and end once its last connection is closed. From any thread.
  func stop() {
    returnLock.withLock { isStopping = true }
    waker.wake()
  }

  /// Serves until `stop` was called and every connection is closed.
  func run() {
    var ready: [Poller.Readiness] = []
    while isAccepting || !connections.isEmpty {
      ready.removeAll(keepingCapacity: true)
      let isTimed = acceptsAgainAt != nil || connections.hasDeadlines
      poller.wait(milliseconds: again.isEmpty ? isTimed ? 100 : -1 : 0, into: &ready)
      lookAgain()
      var hasConnections = false
      var mustStop = false
      for one in ready {
        if one.descriptor == listener.descriptor {
          hasConnections = true
        } else if one.descriptor == waker.descriptor {
          mustStop = takeReturned()
        } else if let connection = connections[one.descriptor] {
          if one.hasPeerEnded { connection.hasPeerEnded = true }
          look(at: connection)
        }
      }
      // Last, since a new connection may get the number of one that was just closed, but not its events.
      if mustStop { stopAccepting() } else if hasConnections { acceptConnections() }
      if isTimed { enforceDeadlines() }
    }
  }

  // MARK: Accepting

  /// - Parameter limit: low, so that other event threads get connections too and this one serves those it has.
  private func acceptConnections(limit: Int = 16) {
    for _ in 0..<limit {
      switch listener.accept() {
      case .connection(let descriptor):
        context.timing.limitSilence(of: descriptor)
        let connection = Connection(descriptor: descriptor, context)
        guard (try? poller.add(descriptor, .arrivals)) != nil else { continue }
        connections.add(connection)
      case .none:
        return
      case .exhausted:
        // Without free descriptors the poller would report the listener without end. Look again shortly.
        poller.remove(listener.descriptor)
        acceptsAgainAt = monotonicMilliseconds() + 100
        return
      }
    }
  }

  /// Accepts the connections that already wait, since their clients won't look for another process. Then accepts no more.
  private func stopAccepting() {
    guard isAccepting else { return }
    isAccepting = false
    acceptConnections(limit: .max)
    acceptsAgainAt = nil
    poller.remove(listener.descriptor)
    listener.refuse()
  }

  /// Returns a connection from a worker pool. From any thread.
  func finished(_ descriptor: Int32, _ request: FastCGIRequest, isKept: Bool) {
    returnLock.withLock {
      returned.append(Returned(descriptor: descriptor, request: request, isKept: isKept))
    }
    waker.wake()
  }

  /// Takes back connections from the worker pools.
  ///
  /// - Returns: true if `stop` was called.
  private func takeReturned() -> Bool {
    waker.reset()
    let (arrived, stopping) = returnLock.withLock {
      defer { returned = [] }
      return (returned, isStopping)
    }
    for one in arrived {
      spareRequests.keep(one.request)
      if let connection = connections[one.descriptor] { take(back: connection, isKept: one.isKept) }
    }
    return stopping
  }

  // MARK: Time

  private func enforceDeadlines() {
    let now = monotonicMilliseconds()
    if let at = acceptsAgainAt, at <= now {
      acceptsAgainAt = nil
      try? poller.add(listener.descriptor, .shared)
    }
    for connection in connections.takeDue(at: now) {
      switch connection.state {
      case .arriving: look(at: connection)
      case .working: connection.cut()
      case .lingering, .idle: drop(connection)
      }
    }
  }
}
