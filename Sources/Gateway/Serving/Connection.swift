import DashboardSystem
import DashboardWireFormat
import Glibc

/// A connection from the web server.
///
/// It belongs to one event loop, and only that loop closes it. A worker may block on the connection: its descriptor's number
/// can't become another connection's meanwhile.
final class Connection {
  enum State {
    /// No byte of a request is here.
    case idle
    /// Part of a request is here, and the event loop waits for the rest.
    case arriving
    /// A worker pool has its request.
    case working
    /// It serves no further request. Bytes that still arrive are discarded until the peer has read its response and closes.
    /// Closing earlier, with unread bytes, would reset the connection and lose the response.
    case lingering
  }

  let descriptor: Int32
  var state = State.idle
  /// When its state must have changed (monotonic milliseconds).
  var deadline: Int64 = 0
  /// When the current request's first byte arrived (monotonic milliseconds).
  var began: Int64 = 0

  /// When bytes last arrived in the current request (monotonic milliseconds).
  var lastArrival: Int64 = 0

  /// The peer sends no more.
  var hasPeerEnded = false
  /// More bytes, or the peer's end, may be here already. The poller reports them only once.
  var mayHoldMore = false

  var receiver: RequestReceiver

  init(descriptor: Int32, _ context: ResponderContext) {
    self.descriptor = descriptor
    receiver = RequestReceiver(descriptor: descriptor, limit: context.bodyLimit, memory: context.bodyMemory)
  }

  deinit {
    receiver.discardUnread()
    close(descriptor)
  }

  /// Ends every read and write of the connection, also one in which another thread waits.
  func cut() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Tells the peer that no more bytes follow.
  func halfClose() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// True if the peer has closed the connection in both directions (poll(2), POLLHUP). From any thread.
  static func isGone(_ descriptor: Int32) -> Bool { poll(descriptor, 0) & (POLLHUP | POLLERR) != 0 }

  /// True if the connection takes the response without waiting for the peer. From any thread.
  ///
  /// A peer can have left earlier responses unread. An AF_UNIX socket is writable while three quarters of its buffer are free
  /// (poll(2), POLLOUT).
  static func takesAtOnce(_ response: Response, _ descriptor: Int32) -> Bool {
    response.body.count <= instantBytes && poll(descriptor, POLLOUT) & POLLOUT != 0
  }

  /// A good part of the smallest default socket buffer (net.core.wmem_default).
  private static let instantBytes = 64 * 1024

  private static func poll(_ descriptor: Int32, _ events: Int32) -> Int32 {
    var state = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return unsafe Glibc.poll(&state, 1, 0) > 0 ? Int32(state.revents) : 0
  }

  /// Takes the bytes that have arrived, as many as fit, without waiting for any.
  ///
  /// - Returns: 0 if the peer sends no more, `nil` if nothing has arrived.
  func receive(into buffer: inout [UInt8]) throws(Errno) -> Int? {
    do throws(Errno) {
      return try FileDescriptor(rawValue: descriptor).receive(into: &buffer, flags: Int32(MSG_DONTWAIT))
    } catch {
      if error == .wouldBlock { return nil }
      throw error
    }
  }
}
