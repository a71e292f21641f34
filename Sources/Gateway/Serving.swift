import DashboardSystem
import DashboardWireFormat
import Glibc

/// What an event thread does with one connection: from bytes that arrive to the answer, or to its end.
extension EventLoop {
  /// Something arrived, or the connection comes back from a lane.
  func look(at connection: Connection) {
    switch connection.state {
    case .working: return
    case .lingering: return discardArrived(connection)
    case .idle, .arriving: break
    }
    do throws(Errno) {
      while let count = try connection.peek(into: &peeked) {
        guard count > 0 else { return drop(connection) }
        switch RecordScanner.examine(peeked.span.extracting(first: count)) {
        case .whole(let length):
          // Bytes beyond the request are nobody's: a web server sends its next one after our answer.
          guard answer(connection, isAllThatCame: length == count) else { return }
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
    } else if hasParameters {
      receiveInPool(connection)
    } else {
      drop(connection)
    }
  }

  /// A whole request is here. True: it has been answered, and the connection can be looked at again.
  ///
  /// - Parameter isAllThatCame: nothing came after it. Otherwise the connection is not kept.
  private func answer(_ connection: Connection, isAllThatCame: Bool) -> Bool {
    settle(connection)
    let request = spareRequests.popLast() ?? FastCGIRequest()
    guard request.receive(from: connection.descriptor) else {
      spareRequests.append(request)
      connection.isClosed = true
      drop(connection)
      return false
    }
    let end = request.readBody(limit: context.bodyLimit)
    var isKept: Bool
    if end != .reached {
      isKept = context.answer(request, after: end)
    } else if let (pool, client) = context.pool(for: request) {
      let descriptor = connection.descriptor
      let isTaken = pass(connection, to: pool, for: client, returning: request) { [context] isLate in
        // A long answer that nobody waits for any more is not made.
        if pool === context.lengthy, Connection.isGone(descriptor) {
          return context.answer(request, after: .lost)
        }
        let isKept = isLate ? context.refuseBusy(request) : context.answer(request, after: end)
        return isKept && isAllThatCame
      }
      if isTaken { return false }
      isKept = context.refuseBusy(request)
    } else {
      let (response, mustWait) = context.response(to: request)
      if mustWait {
        let isTaken = pass(connection, to: context.large, returning: request) { _ in
          request.finish(with: response) && isAllThatCame
        }
        if isTaken { return false }
      }
      isKept = request.finish(with: response)
    }
    spareRequests.append(request)
    isKept = isKept && isAllThatCame
    if isKept { return true }
    // Nothing was unread when it was looked at, so the peer can read its answer to the end.
    if isAllThatCame, end == .reached { drop(connection) } else { linger(connection) }
    return false
  }

  /// Gives the connection to a lane, which returns it when `work` is done. False: the lane has too much to do.
  ///
  /// - Parameter work: told whether it is too late for what was asked; true if the connection can be kept.
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

  /// Its request is larger or slower than an event thread waits for: a lane receives it, and passes it on to the one
  /// that answers it.
  private func receiveInPool(_ connection: Connection) {
    let descriptor = connection.descriptor
    let request = spareRequests.popLast() ?? FastCGIRequest()
    let isAccepted = context.receiving.submit { [self] _ in
      var late = LateRequest(connection: descriptor)
      let end = late.receive(into: request, limit: context.bodyLimit)
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

  /// The request is done with: the connection waits for the next one as long as the web server likes.
  func settle(_ connection: Connection) {
    connection.state = .idle
    connections.clearDeadline(of: connection)
  }
}
