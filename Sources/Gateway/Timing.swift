import CDashboardLinux
import Glibc

/// How long peers may take, in milliseconds.
package struct Timing: Sendable {
  /// The parameters of a request, from its first byte.
  package var parameters: Int64 = 5_000
  /// A body that should fit the socket's buffer is awaited by the event thread that long, then by a lane.
  package var patience: Int64 = 1_000
  /// One read or write.
  package var silence: Int64 = 5_000
  /// A whole request in a lane.
  package var request: Int64 = 60_000
  /// The time of a peer whose connection is not kept to read its answer.
  package var linger: Int64 = 2_000
  /// The longest that a request may be expected to wait for its turn at hashing.
  package var hashingQueue: Int64 = 2_000
  /// From the first SIGTERM to the exit, if connections are still open.
  package var shutdown: Int64 = 10_000

  package init() {}

  /// Applies `silence` to a connection (socket(7), SO_RCVTIMEO).
  func limitSilence(of connection: Int32) {
    var time = timeval(tv_sec: Int(silence / 1000), tv_usec: Int(silence % 1000) * 1000)
    let size = socklen_t(MemoryLayout<timeval>.size)
    _ = unsafe setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &time, size)
    _ = unsafe setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &time, size)
  }
}
