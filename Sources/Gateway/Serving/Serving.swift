import DashboardSystem
import DashboardWireFormat
import Glibc

/// How an event thread serves one connection, from arriving bytes to the response or the end.
extension EventLoop {
  /// Looks at a connection on which bytes have arrived, or which a worker pool has returned.
  func look(at connection: Connection) {
    switch connection.state {
    case .working: return
    case .lingering: return discardArrived(connection)
    case .idle, .arriving: break
    }
    do throws(Errno) {
      while let count = try connection.peek(into: &peeked) {
        guard count > 0 else { return drop(connection) }
        switch Arrival(of: peeked.span.extracting(first: count)) {
        case .request:
          guard answer(connection) else { return }
        case .unusual:
          return receiveInPool(connection)
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

  /// Waits for the rest of a request. The event thread waits for parameters, and briefly for a body; then a worker pool waits for
  /// the body.
  private func wait(for connection: Connection, hasParameters: Bool, isFull: Bool) {
    if connection.hasPeerEnded, !isFull { return drop(connection) }
    let now = monotonicMilliseconds()
    if connection.state == .idle {
      connection.state = .arriving
      connection.began = now
    }
    let patience = hasParameters ? context.timing.patience : context.timing.parameters
    let end = connection.began + patience
    if !isFull, now < end {
      connections.setDeadline(end, of: connection)
    } else if hasParameters || isFull {
      receiveInPool(connection)
    } else {
      drop(connection)
    }
  }

  /// Serves a request that has arrived completely.
  ///
  /// - Returns: true if the response was sent and the connection can be looked at again.
  private func answer(_ connection: Connection) -> Bool {
    settle(connection)
    let request = spareRequests.popLast() ?? FastCGIRequest()
    guard request.receive(from: connection.descriptor) else {
      spareRequests.append(request)
      connection.isClosed = true
      drop(connection)
      return false
    }
    let end = request.readBody(limit: context.bodyLimit)
    let isKept: Bool
    if end != .reached {
      isKept = context.answer(request, after: end)
    } else if let (pool, client) = context.pool(for: request) {
      let descriptor = connection.descriptor
      let isTaken = pass(connection, to: pool, for: client, returning: request) { [context] isLate in
        // The peer has left, so making the long response would be wasted.
        if pool === context.lengthy, Connection.isGone(descriptor) {
          return context.answer(request, after: .lost)
        }
        return isLate ? context.refuseBusy(request) : context.answer(request, after: end)
      }
      if isTaken { return false }
      isKept = context.refuseBusy(request)
    } else {
      let (response, mustWait) = context.response(to: request)
      if mustWait {
        let isTaken = pass(connection, to: context.large, returning: request) { _ in
          request.finish(with: response)
        }
        if isTaken { return false }
      }
      isKept = request.finish(with: response)
    }
    spareRequests.append(request)
    if isKept { return true }
    // No byte was unread at the last look, so closing does not take the response from the peer.
    if end == .reached { drop(connection) } else { linger(connection) }
    return false
  }

  /// Passes the connection to a worker pool, which returns it when `work` is done.
  ///
  /// - Parameter work: gets true if the work is too late and should be refused. Returns true if the connection can be kept.
  /// - Returns: false if the pool refused the work.
  private func pass(
    _ connection: Connection, to pool: WorkerPool, for client: [UInt8]? = nil,
    returning request: FastCGIRequest,
    _ work: @escaping @Sendable (_ isLate: Bool) -> Bool
  ) -> Bool {
    let descriptor = connection.descriptor
    let isAccepted = pool.submit(for: client) { [self] isLate in
      finished(request, descriptor, isKept: work(isLate))
    }
    guard isAccepted else { return false }
    connection.state = .working
    connections.setDeadline(monotonicMilliseconds() + context.timing.request, of: connection)
    return true
  }

  /// Lets a worker pool receive a request that an event thread does not wait for or libfcgi must not read, and then pass it on to
  /// the pool that answers it.
  private func receiveInPool(_ connection: Connection) {
    let descriptor = connection.descriptor
    let request = spareRequests.popLast() ?? FastCGIRequest()
    let isAccepted = context.receiving.submit { [self] _ in
      var late = LateRequest(connection: descriptor, into: request, limit: context.bodyLimit)
      let end: FastCGIRequest.BodyEnd
      switch late.receive() {
      case .noRequest(let isKept): return finished(request, descriptor, isKept: isKept)
      case .request(let bodyEnd): end = bodyEnd
      }
      guard end == .reached, let (pool, client) = context.pool(for: request) else {
        return finished(request, descriptor, isKept: context.answer(request, after: end))
      }
      let isTaken = pool.submit(for: client) { [self] isLate in
        if pool === context.lengthy, Connection.isGone(descriptor) {
          return finished(request, descriptor, isKept: context.answer(request, after: .lost))
        }
        let isKept = isLate ? context.refuseBusy(request) : context.answer(request, after: end)
        finished(request, descriptor, isKept: isKept)
      }
      if !isTaken { finished(request, descriptor, isKept: context.refuseBusy(request)) }
    }
    guard isAccepted else {
      spareRequests.append(request)
      return drop(connection)
    }
    connection.state = .working
    connections.setDeadline(monotonicMilliseconds() + context.timing.request, of: connection)
  }

  // MARK: Ending connections

  func linger(_ connection: Connection) {
    connection.halfClose()
    connection.state = .lingering
    connections.setDeadline(monotonicMilliseconds() + context.timing.linger, of: connection)
    discardArrived(connection)
  }

  private func discardArrived(_ connection: Connection) {
    do throws(Errno) {
      while let count = try connection.discard(using: &peeked) {
        if count == 0 { return drop(connection) }
      }
    } catch {
      drop(connection)
    }
  }

  func drop(_ connection: Connection) {
    connections.remove(connection)
  }

  /// Ends the current request. The connection may stay idle for as long as the web server likes.
  func settle(_ connection: Connection) {
    connection.state = .idle
    connections.clearDeadline(of: connection)
  }
}
