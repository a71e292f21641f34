import DashboardSystem
import Glibc

/// A connection from the web server. It belongs to one event loop, which alone closes it: a lane that works on it
/// may block on it, but the descriptor's number can't become another connection's meanwhile.
final class Connection {
  enum State {
    /// Nothing of a request is here.
    case idle
    /// Part of a request is here, and the event loop waits for the rest.
    case arriving
    /// A lane works on its request.
    case working
    /// It won't serve another request: what still comes is thrown away until the peer has read its answer and
    /// closes. Closing with unread bytes would take the answer from it (a reset instead of an end).
    case lingering
  }

  let descriptor: Int32
  var state = State.idle
  /// When its state must have changed, on the monotonic clock, in milliseconds.
  var deadline: Int64 = 0
  /// When the request that is arriving began to, on the same clock.
  var began: Int64 = 0

  /// The peer sends no more: what isn't whole now never will be.
  var hasPeerEnded = false

  /// libfcgi has closed the descriptor; its number may be another connection's by now.
  var isClosed = false

  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { if !isClosed { close(descriptor) } }

  /// Makes every read and write of the connection end, also one that another thread waits in.
  func cut() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Tells the peer that no more comes from us.
  func halfClose() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Whether the peer has closed it altogether (poll(2), POLLHUP). For the thread that works on the connection.
  static func isGone(_ descriptor: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: 0, revents: 0)
    return unsafe poll(&state, 1, 0) > 0 && state.revents & Int16(POLLHUP | POLLERR) != 0
  }

  /// A copy of the bytes that wait to be read, as many as fit, without waiting. 0: the peer has closed;
  /// `nil`: nothing is here.
  func peek(into buffer: inout [UInt8]) throws(Errno) -> Int? {
    try receive(into: &buffer, flags: Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
  }

  /// Takes bytes that wait to be read and forgets them; results as `peek`.
  func discard(using buffer: inout [UInt8]) throws(Errno) -> Int? {
    try receive(into: &buffer, flags: Int32(MSG_DONTWAIT))
  }

  private func receive(into buffer: inout [UInt8], flags: Int32) throws(Errno) -> Int? {
    do throws(Errno) {
      return try FileDescriptor(rawValue: descriptor).receive(into: &buffer, flags: flags)
    } catch {
      if error == .wouldBlock { return nil }
      throw error
    }
  }
}
