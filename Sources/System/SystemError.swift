/// A system call that failed: what it should have done, and the error number that it left.
package struct SystemError: Error, CustomStringConvertible {
  /// Such as `listen on unix:/run/dashboard.sock`.
  package let operation: String
  package let errno: Errno

  package init(_ operation: String, _ errno: Errno = .current) {
    self.operation = operation
    self.errno = errno
  }

  package var description: String { "\(operation): \(errno)" }
}
