import Glibc

/// A system call that failed: which one, on what, and the error number it left (errno(3)).
package struct SystemError: Error, CustomStringConvertible {
  package let operation: String
  package let code: Int32

  init(_ operation: String, code: Int32 = errno) {
    self.operation = operation
    self.code = code
  }

  package var description: String {
    // glibc's strerror keeps a buffer for each thread (strerror(3)).
    let message = unsafe strerror(code).map { unsafe String(cString: $0) }
    return "\(operation): \(message ?? "error \(code)")"
  }
}

/// Milliseconds on a clock that never jumps; only differences mean anything.
func monotonicMilliseconds() -> Int64 {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}
