internal import Glibc
internal import WireFormat

/// One event thread: accepts, waits, and answers on the spot what only reads and is whole. It never does what can
/// block; that goes to a lane, and comes back through `finished`.
///
/// Safe to share: everything is its own thread's alone, except what `returnLock` guards, and the bell.
final class EventLoop: @unchecked Sendable {
  private let service: Service
  private let listener: Listener
  private let poller: Poller
  private let bell: Bell

  private let returnLock = Monitor()
  private var returned: [Returned] = []
  private var isStopping = false

  private var connections: [Int32: Connection] = [:]
  /// Those of `connections` that have a deadline.
  private var timed: [Int32: Connection] = [:]
  private var spareExchanges: [Exchange] = []
  private var peeked = [UInt8](repeating: 0, count: 64 * 1024)
  private var isAccepting = true
  private var acceptsAgainAt: Int64?

  /// What a lane gives back.
  private struct Returned {
    let descriptor: Int32
    let exchange: Exchange
    let isKept: Bool
  }

  init(service: Service, listener: Listener) throws(SystemError) {
    self.service = service
    self.listener = listener
    poller = try Poller()
    bell = try Bell()
    try poller.add(listener.descriptor, .shared)
    try poller.add(bell.descriptor, .level)
  }

  /// Asks the loop to stop accepting and to end once its last connection is closed. From any thread.
  func stop() {
    returnLock.withLock { isStopping = true }
    bell.ring()
  }

  /// Serves until stopped and every connection is closed.
  func run() {
    var ready: [Int32] = []
    while isAccepting || !connections.isEmpty {
      ready.removeAll(keepingCapacity: true)
      let isTimed = acceptsAgainAt != nil || !timed.isEmpty
      poller.wait(milliseconds: isTimed ? 100 : -1, into: &ready)
      for descriptor in ready {
        if descriptor == listener.descriptor {
          acceptConnections()
        } else if descriptor == bell.descriptor {
          takeReturned()
        } else if let connection = connections[descriptor] {
          look(at: connection)
        }
      }
      if isTimed { enforceDeadlines() }
    }
  }

  // MARK: Accepting

  private func acceptConnections() {
    // A few at a time, so that the other event threads get theirs and the connections already here are served.
    for _ in 0..<16 {
      switch listener.accept() {
      case .connection(let descriptor):
        service.timing.limitSilence(of: descriptor)
        let connection = Connection(descriptor: descriptor)
        guard (try? poller.add(descriptor, .arrivals)) != nil else { continue }
        connections[descriptor] = connection
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

  /// Takes back what the lanes are done with, and the order to stop.
  private func takeReturned() {
    bell.silence()
    let (arrived, stopping) = returnLock.withLock {
      defer { returned = [] }
      return (returned, isStopping)
    }
    for one in arrived {
      spareExchanges.append(one.exchange)
      guard let connection = connections[one.descriptor] else { continue }
      settle(connection)
      if one.isKept { look(at: connection) } else { linger(connection) }
    }
    if stopping, isAccepting {
      isAccepting = false
      acceptsAgainAt = nil
      acceptConnections()
      poller.remove(listener.descriptor)
    }
  }

  // MARK: One connection

  /// Something arrived, or the connection comes back from a lane.
  private func look(at connection: Connection) {
    switch connection.state {
    case .inLane: return
    case .lingering: return discardArrived(connection)
    case .idle, .arriving: break
    }
    do throws(SystemError) {
      while let count = try connection.peek(into: &peeked) {
        guard count > 0 else { return drop(connection) }
        switch RecordScanner.examine(peeked.span.extracting(first: count)) {
        case .whole(let length):
          // Bytes beyond the request are nobody's: a web server sends its next one after our answer.
          guard answer(connection, mayKeep: length == count) else { return }
        case .management:
          return receiveInLane(connection)
        case .malformed:
          return drop(connection)
        case .incomplete(let hasParameters):
          return wait(for: connection, hasParameters: hasParameters, isFull: count == peeked.count)
        }
      }
    } catch {
      drop(connection)
    }
  }

  /// Part of a request is here. Its body is awaited here for a moment and then by a lane, its parameters only here.
  private func wait(for connection: Connection, hasParameters: Bool, isFull: Bool) {
    let now = monotonicMilliseconds()
    if connection.state == .idle {
      connection.state = .arriving
      connection.began = now
    }
    let patience = hasParameters ? service.timing.patience : service.timing.parameters
    let end = connection.began + patience
    if !isFull, now < end {
      setDeadline(end, of: connection)
    } else if hasParameters {
      receiveInLane(connection)
    } else {
      drop(connection)
    }
  }

  /// A whole request is here. True: it has been answered, and the connection can be looked at again.
  private func answer(_ connection: Connection, mayKeep: Bool) -> Bool {
    settle(connection)
    let exchange = spareExchanges.popLast() ?? Exchange()
    guard exchange.receive(from: connection.descriptor) else {
      spareExchanges.append(exchange)
      connection.isClosed = true
      drop(connection)
      return false
    }
    let end = exchange.readBody(limit: service.bodyLimit)
    var isKept: Bool
    if end != .reached {
      isKept = service.answer(exchange, after: end)
    } else if let lane = service.lane(for: exchange) {
      let isTaken = pass(connection, exchange, to: lane) { [self] in
        service.answer(exchange, after: end) && mayKeep
      }
      if isTaken { return false }
      isKept = service.refuseBusy(exchange)
    } else {
      let (response, mustWait) = service.response(to: exchange)
      if mustWait,
        pass(connection, exchange, to: service.writing, { exchange.finish(with: response) && mayKeep })
      {
        return false
      }
      isKept = exchange.finish(with: response)
    }
    spareExchanges.append(exchange)
    isKept = isKept && mayKeep
    if !isKept { linger(connection) }
    return isKept
  }

  /// Gives the connection to a lane, which returns it when `work` is done. False: the lane has too much to do.
  private func pass(
    _ connection: Connection, _ exchange: Exchange, to lane: Lane, _ work: @escaping @Sendable () -> Bool
  ) -> Bool {
    let descriptor = connection.descriptor
    guard lane.submit({ [self] in finished(exchange, descriptor, isKept: work()) }) else { return false }
    connection.state = .inLane
    return true
  }

  /// Its request is larger or slower than an event thread waits for: a lane receives it.
  private func receiveInLane(_ connection: Connection) {
    // libfcgi closes the descriptor on which it finds a broken request, so it gets one of its own.
    let copy = dup(connection.descriptor)
    guard copy >= 0 else { return drop(connection) }
    let descriptor = connection.descriptor
    let exchange = spareExchanges.popLast() ?? Exchange()
    connection.state = .inLane
    setDeadline(monotonicMilliseconds() + service.timing.request, of: connection)
    let isAccepted = service.receiving.submit { [self] in
      guard exchange.receive(from: copy) else { return finished(exchange, descriptor, isKept: false) }
      let end = exchange.readBody(limit: service.bodyLimit)
      let conclude: @Sendable (Bool) -> Void = { [self] isKept in
        close(copy)
        finished(exchange, descriptor, isKept: isKept)
      }
      if end == .reached, let lane = service.lane(for: exchange), lane !== service.writing {
        let isAccepted = lane.submit { [self] in conclude(service.answer(exchange, after: end)) }
        if !isAccepted { conclude(service.refuseBusy(exchange)) }
      } else {
        conclude(service.answer(exchange, after: end))
      }
    }
    if !isAccepted {
      close(copy)
      spareExchanges.append(exchange)
      drop(connection)
    }
  }

  /// A lane is done with the connection. From any thread.
  private func finished(_ exchange: Exchange, _ descriptor: Int32, isKept: Bool) {
    returnLock.withLock {
      returned.append(Returned(descriptor: descriptor, exchange: exchange, isKept: isKept))
    }
    bell.ring()
  }

  // MARK: Ending connections

  private func linger(_ connection: Connection) {
    connection.halfClose()
    connection.state = .lingering
    setDeadline(monotonicMilliseconds() + service.timing.linger, of: connection)
    discardArrived(connection)
  }

  private func discardArrived(_ connection: Connection) {
    do throws(SystemError) {
      while let count = try connection.discard(using: &peeked) {
        if count == 0 { return drop(connection) }
      }
    } catch {
      drop(connection)
    }
  }

  private func drop(_ connection: Connection) {
    timed[connection.descriptor] = nil
    connections[connection.descriptor] = nil
  }

  // MARK: Time

  private func settle(_ connection: Connection) {
    connection.state = .idle
    if timed.isEmpty { return }
    timed[connection.descriptor] = nil
  }

  private func setDeadline(_ deadline: Int64, of connection: Connection) {
    connection.deadline = deadline
    timed[connection.descriptor] = connection
  }

  private func enforceDeadlines() {
    let now = monotonicMilliseconds()
    if let at = acceptsAgainAt, at <= now {
      acceptsAgainAt = nil
      try? poller.add(listener.descriptor, .shared)
    }
    for connection in timed.values where connection.deadline <= now {
      timed[connection.descriptor] = nil
      switch connection.state {
      case .arriving: look(at: connection)
      case .inLane: connection.cut()
      case .lingering, .idle: drop(connection)
      }
    }
  }
}
