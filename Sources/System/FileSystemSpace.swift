import CDashboardLinux
import Glibc

/// The space of a file system (statvfs(3)).
package struct FileSystemSpace: Equatable, Sendable {
  /// The bytes that a user other than root can still write.
  package let free: Int
  /// In bytes.
  package let size: Int

  package init(free: Int, size: Int) { (self.free, self.size) = (free, size) }

  /// The file system of a path; `nil` if it can't be asked.
  package init?(of path: String) {
    var status = statvfs()
    guard unsafe path.withCString({ unsafe statvfs($0, &status) }) == 0 else { return nil }
    func bytes(_ blocks: UInt) -> Int {
      let (bytes, overflows) = blocks.multipliedReportingOverflow(by: status.f_frsize)
      return overflows ? .max : Int(clamping: bytes)
    }
    self.init(free: bytes(status.f_bavail), size: bytes(status.f_blocks))
  }
}

extension File {
  /// The kind of the file system of a path, as its magic number; `nil` if it is not known.
  ///
  /// The corresponding C function is `statfs`.
  package static func fileSystemKind(of path: String) -> Int? {
    var status = statfs()
    return unsafe statfs(path, &status) == 0 ? Int(status.f_type) & 0xFFFF_FFFF : nil
  }
}
