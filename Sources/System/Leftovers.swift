import Glibc

/// What killed processes have left behind.
package enum Leftovers {
  /// True if the path is a file or directory of this user, and the process that its name gives is gone. A process with the
  /// number of this one, in a container before this one, is gone too.
  ///
  /// - Parameter process: the process's number in decimal digits.
  package static func isLeft(_ path: String, byProcess process: Substring) -> Bool {
    var status = stat()
    guard let process = Int32(process), process > 0, unsafe lstat(path, &status) == 0,
      status.st_uid == geteuid(), status.st_mode & S_IFMT != S_IFLNK
    else { return false }
    return process == getpid() || kill(process, 0) != 0 && errno == ESRCH
  }
}

extension File {
  /// The names in a directory except `.` and `..`, in no order.
  ///
  /// The corresponding C functions are `opendir` and `readdir`.
  package static func names(in path: String) throws(Errno) -> [String] {
    guard let directory = unsafe opendir(path) else { throw .current }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
