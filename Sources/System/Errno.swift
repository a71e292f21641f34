import Glibc

/// An error number that a system call left (errno(3)).
package struct Errno: Error, RawRepresentable, Hashable, CustomStringConvertible {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The number that this thread's last failed call left. Read it before any other call.
  package static var current: Errno { Errno(rawValue: errno) }

  package static let noSuchFileOrDirectory = Errno(rawValue: ENOENT)
  package static let permissionDenied = Errno(rawValue: EACCES)
  package static let fileExists = Errno(rawValue: EEXIST)
  package static let brokenPipe = Errno(rawValue: EPIPE)
  package static let inputOutputError = Errno(rawValue: EIO)
  /// Not a regular file, where one is needed. No system call leaves this number.
  package static let notRegular = Errno(rawValue: -1)
  package static let notPermitted = Errno(rawValue: EPERM)
  package static let notEmpty = Errno(rawValue: ENOTEMPTY)
  package static let busy = Errno(rawValue: EBUSY)
  /// No data has arrived yet, or the buffer is full.
  package static let wouldBlock = Errno(rawValue: EAGAIN)
  package static let nameTooLong = Errno(rawValue: ENAMETOOLONG)
  package static let addressInUse = Errno(rawValue: EADDRINUSE)

  /// The system's text, such as "No such file or directory".
  ///
  /// The corresponding C function is `strerror`. In glibc each thread has its own buffer for the text.
  package var description: String {
    if self == .notRegular { return "Not a regular file" }
    return unsafe strerror(rawValue).map { unsafe String(cString: $0) } ?? "error \(rawValue)"
  }
}

/// Calls a C function again while a signal interrupts it (EINTR).
///
/// - Parameter call: returns -1 and sets `errno` if it fails.
/// - Returns: what the function returned, 0 or more.
/// - Throws: the error number of a call that failed for another reason.
package func valueOrErrno(_ call: () -> Int) throws(Errno) -> Int {
  while true {
    let value = call()
    if value >= 0 { return value }
    if errno != EINTR { throw Errno.current }
  }
}
