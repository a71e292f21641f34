import CDashboardLinux
import Glibc

/// The time limits of peers, in milliseconds.
package struct Timing: Sendable {
  /// For the parameters of a request, from its first byte.
  package var parameters: Int64 = 5_000
  /// Between two arrivals of a body, and for one write.
  package var silence: Int64 = 5_000
  /// For a whole request, from its first byte, and for a worker pool's part of it.
  package var request: Int64 = 60_000
  /// For reading the response on a connection that is not kept.
  package var linger: Int64 = 2_000
  /// The longest expected wait of a request in the queue for hashing.
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
