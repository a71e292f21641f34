import DashboardSystem
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

  /// The peer sends no more, so a request that is incomplete now stays incomplete.
  var hasPeerEnded = false

  /// libfcgi has closed the descriptor. Its number may be another connection's by now.
  var isClosed = false

  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { if !isClosed { close(descriptor) } }

  /// Ends every read and write of the connection, also one in which another thread waits.
  func cut() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Tells the peer that no more bytes follow.
  func halfClose() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// True if the peer has closed the connection in both directions (poll(2), POLLHUP). For the thread that works on the
  /// connection.
  static func isGone(_ descriptor: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: 0, revents: 0)
    return unsafe poll(&state, 1, 0) > 0 && state.revents & Int16(POLLHUP | POLLERR) != 0
  }

  /// Copies the bytes that have arrived, as many as fit, without taking or waiting for any.
  ///
  /// - Returns: 0 if the peer sends no more, `nil` if nothing has arrived.
  func peek(into buffer: inout [UInt8]) throws(Errno) -> Int? {
    try receive(into: &buffer, flags: Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
  }

  /// Takes and discards the bytes that have arrived. The result is that of `peek`.
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
