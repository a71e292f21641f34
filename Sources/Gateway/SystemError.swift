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
