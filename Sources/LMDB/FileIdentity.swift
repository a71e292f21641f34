import DashboardSystem
import Glibc

/// Identifies a file or a directory, whatever path leads to it. Another file can get the same identity only after all
/// processes have closed this one.
struct FileIdentity: Equatable {
  private let device: UInt64
  private let inode: UInt64

  private init(_ status: stat) {
    (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
  }

  init(_ path: String) throws(Errno) {
    var status = stat()
    _ = try valueOrErrno { unsafe Int(stat(path, &status)) }
    self.init(status)
  }

  init(_ file: FileDescriptor) throws(Errno) {
    var status = stat()
    _ = try valueOrErrno { unsafe Int(fstat(file.rawValue, &status)) }
    self.init(status)
  }
}
