import CDashboardLinux
import Glibc

/// Why a test could not go on: something else failed than what it expects of.
package struct TestFailure: Error, CustomStringConvertible {
  package let description: String
  /// The error number (errno(3)) if a system call failed.
  package let code: Int32?

  package init(_ description: String) {
    self.description = description
    code = nil
  }

  /// A system call failed with that error number (errno(3)).
  package init(system operation: String, code: Int32 = errno) {
    self.code = code
    description = "\(operation): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")"
  }
}

/// Milliseconds on a clock that never jumps; only differences mean anything.
package func monotonicMilliseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}

/// Asks again, a few milliseconds apart, until `condition` holds; false if it does not within `timeout` milliseconds.
/// For what another process does and gives no descriptor to wait on.
package func eventually(timeout: Int = 10_000, _ condition: () throws -> Bool) rethrows -> Bool {
  let deadline = monotonicMilliseconds() + timeout
  while try !condition() {
    guard monotonicMilliseconds() < deadline else { return false }
    poll(nil, 0, 2)
  }
  return true
}
