import DashboardSystem
import DashboardWireFormat
import Glibc

/// How an event thread serves one connection, from arriving bytes to the response or the end.
extension EventLoop {
  /// Looks at a connection on which bytes have arrived, or for which the event thread waited long enough.
  func look(at connection: Connection) {
    guard connection.state != .working else { return }
    do throws(Errno) {
      guard let count = try connection.receive(into: &arrived) else {
        connection.mayHoldMore = false
        return wait(for: connection, hasArrived: false)
      }
      guard count > 0 else { return drop(connection) }
      connection.mayHoldMore = count == Self.arrivedBytes || connection.hasPeerEnded
      // What arrives while the connection lingers is discarded.
      let isLingering = connection.state == .lingering
      proceed(
        connection,
        isLingering
          ? .incomplete
          : connection.receiver.take(arrived.span.extracting(first: count), spares: &spareRequests))
    } catch {
      drop(connection)
    }
  }

  func lookAgain() {
    guard !again.isEmpty else { return }
    let descriptors = again
    again.removeAll(keepingCapacity: true)
    for descriptor in descriptors {
      if let connection = connections[descriptor] { look(at: connection) }
    }
  }

  /// Goes on with a connection that a worker pool has returned.
  func take(back connection: Connection, isKept: Bool) {
    // The poller has reported what arrived meanwhile.
    connection.mayHoldMore = true
    settle(connection)
    if !isKept { linger(connection) }
    look(at: connection)
  }

  private func proceed(_ connection: Connection, _ progress: RequestReceiver.Progress) {
    switch progress {
    case .incomplete: wait(for: connection)
    case .request(let request): answer(request, on: connection)
    case .over: linger(connection)
    case .lost: return drop(connection)
    }
    if connection.mayHoldMore { again.append(connection.descriptor) }
  }

  /// Waits for the rest of a request, as long as bytes arrive and its time is not up.
  private func wait(for connection: Connection, hasArrived: Bool = true) {
    guard connection.state != .lingering else { return }
    guard !connection.receiver.isIdle else { return settle(connection) }
    let now = monotonicMilliseconds()
    if connection.state == .idle {
      connection.state = .arriving
      connection.began = now
    }
    if hasArrived { connection.lastArrival = now }
    let (timing, began) = (context.timing, connection.began)
    let end =
      connection.receiver.isInBody
      ? min(began + timing.request, connection.lastArrival + timing.silence) : began + timing.parameters
    if now < end { connections.setDeadline(end, of: connection) } else { drop(connection) }
  }

  // MARK: Responses

  /// Serves a request that has arrived completely.
  private func answer(_ request: FastCGIRequest, on connection: Connection) {
    let descriptor = connection.descriptor
    guard request.receiveParameters(through: channel, answeringOn: descriptor) else {
      request.abandon()
      spareRequests.keep(request)
      return drop(connection)
    }
    guard let (pool, client) = context.pool(for: request) else {
      return send(context.response(to: request), to: request, on: connection)
    }
    let submitted = monotonicNanoseconds()
    let isTaken = pool.submit(for: client) { [self] isLate in
      request.noteWait(monotonicNanoseconds() - submitted)
      // The peer has left, so making the long response would be wasted.
      if pool === context.lengthy, Connection.isGone(descriptor) {
        request.abandon()
        return finished(descriptor, request, isKept: false)
      }
      let response = context.response(to: request, isLate: isLate)
      // There are few threads for hashing, and they do not wait for peers.
      if pool === context.hashing, !Connection.takesAtOnce(response, descriptor),
        sendInPool(response, to: request, on: descriptor)
      {
        return
      }
      finished(descriptor, request, isKept: request.finish(with: response))
    }
    if isTaken { return occupy(connection) }
    send(context.response(to: request, isLate: true), to: request, on: connection)
  }

  /// Sends a response from the event thread, or lets a worker pool send it if that may wait for the peer.
  private func send(_ response: Response, to request: FastCGIRequest, on connection: Connection) {
    guard Connection.takesAtOnce(response, connection.descriptor) else {
      if sendInPool(response, to: request, on: connection.descriptor) { return occupy(connection) }
      request.abandon()
      spareRequests.keep(request)
      return drop(connection)
    }
    let isKept = request.finish(with: response)
    spareRequests.keep(request)
    if isKept {
      settle(connection)
      if connection.receiver.hasUnread { wait(for: connection) }
    } else if connection.mayHoldMore || connection.receiver.hasUnread {
      linger(connection)
    } else {
      // No byte is unread, so closing does not take the response from the peer.
      drop(connection)
    }
  }

  /// From any thread.
  ///
  /// - Returns: false if the system is out of threads.
  private func sendInPool(_ response: Response, to request: FastCGIRequest, on descriptor: Int32) -> Bool {
    context.large.submit { [self] _ in
      finished(descriptor, request, isKept: request.finish(with: response))
    }
  }

  /// Notes that a worker pool has the connection.
  private func occupy(_ connection: Connection) {
    guard connection.state != .working else { return }
    connection.state = .working
    connections.setDeadline(monotonicMilliseconds() + context.timing.request, of: connection)
  }

  // MARK: Ending connections

  private func linger(_ connection: Connection) {
    connection.halfClose()
    connection.state = .lingering
    connections.setDeadline(monotonicMilliseconds() + context.timing.linger, of: connection)
  }

  func drop(_ connection: Connection) {
    connection.mayHoldMore = false
    connections.remove(connection)
  }

  /// Ends the current request. The connection may stay idle for as long as the web server likes.
  private func settle(_ connection: Connection) {
    connection.state = .idle
    connections.clearDeadline(of: connection)
  }
}

extension [FastCGIRequest] {
  /// Keeps a request for another use. Many connections at once can have needed more than are worth their memory.
  mutating func keep(_ request: FastCGIRequest) {
    if count < 256 { append(request) }
  }
}
