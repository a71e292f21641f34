import CDashboardLinux
import Glibc

/// A failed precondition: the test can't go on.
package struct TestFailure: Error, CustomStringConvertible {
  package let description: String
  /// The error number (errno(3)) if a system call failed.
  package let code: Int32?

  package init(_ description: String) {
    self.description = description
    code = nil
  }

  /// The failure of a system call, with the error number that it left (errno(3)).
  package init(system operation: String, code: Int32 = errno) {
    self.code = code
    description = "\(operation): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")"
  }
}

/// Milliseconds on a clock that never jumps. Only differences are meaningful.
package func monotonicMilliseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

/// Checks `condition` every few milliseconds until it holds. For events in other threads or processes that give no descriptor to
/// wait on.
///
/// - Parameter timeout: in milliseconds.
/// - Returns: false if the condition did not hold in time.
package func eventually(timeout: Int = 10_000, _ condition: () throws -> Bool) rethrows -> Bool {
  let deadline = monotonicMilliseconds() + timeout
  while try !condition() {
    guard monotonicMilliseconds() < deadline else { return false }
    poll(nil, 0, 2)
  }
  return true
}
