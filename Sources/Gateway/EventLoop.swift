import DashboardSystem
import DashboardWireFormat
import Glibc

/// One event thread: accepts, waits, and answers on the spot what only reads and is whole. It never does what can
/// block; that goes to a lane, and comes back through `finished`.
///
/// Safe to share: everything is its own thread's alone, except what `returnLock` guards, and the waker.
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
  var peeked = [UInt8](repeating: 0, count: 64 * 1024)
  private var isAccepting = true
  private var acceptsAgainAt: Int64?

  /// What a lane gives back.
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
    try poller.add(listener.descriptor, .shared)
    try poller.add(waker.descriptor, .level)
  }

  /// Asks the loop to stop accepting and to end once its last connection is closed. From any thread.
  func stop() {
    returnLock.withLock { isStopping = true }
    waker.wake()
  }

  /// Serves until stopped and every connection is closed.
  func run() {
    var ready: [Poller.Readiness] = []
    while isAccepting || !connections.isEmpty {
      ready.removeAll(keepingCapacity: true)
      let isTimed = acceptsAgainAt != nil || connections.hasDeadlines
      poller.wait(milliseconds: isTimed ? 100 : -1, into: &ready)
      var hasCallers = false
      var mustStop = false
      for one in ready {
        if one.descriptor == listener.descriptor {
          hasCallers = true
        } else if one.descriptor == waker.descriptor {
          mustStop = takeReturned()
        } else if let connection = connections[one.descriptor] {
          if one.hasPeerEnded { connection.hasPeerEnded = true }
          look(at: connection)
        }
      }
      // Last: a new connection may take the number of one that has just been closed, but not its events.
      if mustStop { stopAccepting() } else if hasCallers { acceptConnections() }
      if isTimed { enforceDeadlines() }
    }
  }

  // MARK: Accepting

  /// - Parameter limit: a few at a time, so that the other event threads get theirs and the connections already here
  ///   are served.
  private func acceptConnections(limit: Int = 16) {
    for _ in 0..<limit {
      switch listener.accept() {
      case .connection(let descriptor):
        context.timing.limitSilence(of: descriptor)
        let connection = Connection(descriptor: descriptor)
        guard (try? poller.add(descriptor, .arrivals)) != nil else { continue }
        connections.add(connection)
      case .nobody:
        return
      case .exhausted:
        // No descriptors left: the listener would report itself without end. Look again shortly.
        poller.remove(listener.descriptor)
        acceptsAgainAt = monotonicMilliseconds() + 100
        return
      }
    }
  }

  /// Accepts the last ones: whoever has connected so far won't look for another process.
  private func stopAccepting() {
    guard isAccepting else { return }
    isAccepting = false
    acceptConnections(limit: .max)
    acceptsAgainAt = nil
    poller.remove(listener.descriptor)
    listener.refuse()
  }

  /// A lane is done with the connection. From any thread.
  func finished(_ request: FastCGIRequest, _ descriptor: Int32, isKept: Bool) {
    returnLock.withLock {
      returned.append(Returned(descriptor: descriptor, request: request, isKept: isKept))
    }
    waker.wake()
  }

  /// Takes back what the lanes are done with. True: the order to stop has come.
  private func takeReturned() -> Bool {
    waker.reset()
    let (arrived, stopping) = returnLock.withLock {
      defer { returned = [] }
      return (returned, isStopping)
    }
    for one in arrived {
      spareRequests.append(one.request)
      guard let connection = connections[one.descriptor] else { continue }
      settle(connection)
      if one.isKept { look(at: connection) } else { linger(connection) }
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
