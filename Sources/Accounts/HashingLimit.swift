import DashboardSystem

/// Too many passwords are being hashed.
package enum HashingError: String, RuleError {
  case busy = "hashing-busy"
}

/// Limits how many threads hash passwords at once (HASHING_THREADS). Endpoints, pages and library calls share
/// the limit.
///
/// Safe to share: `free` is only touched with `monitor` held.
package final class HashingLimit: @unchecked Sendable {
  /// The maximum wait in milliseconds. It equals the maximum wait in the gateway's hashing pool.
  private static let maximumWait: Int64 = 2000

  private let monitor = Monitor()
  private var free: Int

  /// - Parameter count: 1 or more.
  package init(_ count: Int) { free = max(1, count) }

  /// Waits until the calling thread may hash.
  ///
  /// - Returns: false if the wait took too long.
  package func enter() -> Bool {
    monitor.waitUntil(deadline: monotonicMilliseconds() + Self.maximumWait) {
      guard free > 0 else { return false }
      free -= 1
      return true
    }
  }

  package func leave() {
    monitor.withLock { free += 1 }
    monitor.signal()
  }
}
