import DashboardSystem

/// Too many passwords are being hashed.
package enum HashingError: String, RuleError {
  case busy = "hashing-busy"
}

/// At most a number of threads hash passwords at once, whether an endpoint, a page or the library asks (HASHING_THREADS).
///
/// Safe to share: `free` is only touched with `monitor` held.
package final class HashingLimit: @unchecked Sendable {
  /// The longest wait in milliseconds. As long as the web server's clients wait in the queue in front of it.
  private static let patience: Int64 = 2000

  private let monitor = Monitor()
  private var free: Int

  /// - Parameter count: 1 or more.
  package init(_ count: Int) { free = max(1, count) }

  /// Waits for a place. False if none became free in time.
  package func enter() -> Bool {
    monitor.waitUntil(deadline: monotonicMilliseconds() + Self.patience) {
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
