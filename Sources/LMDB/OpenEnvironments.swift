import DashboardSystem
import Glibc
import Synchronization

/// The environments that this process has open, so that it opens none twice.
enum OpenEnvironments {
  /// Identifies a directory, whatever path leads to it.
  struct Identity: Equatable {
    let device: UInt64
    let inode: UInt64
  }

  /// The open descriptor keeps the inode number in use. Otherwise a new directory could get the number of a removed one, and be
  /// taken for it.
  ///
  /// A class, because an array of structs slows down the start of a CGI process (docs/design/build.md).
  private final class Open: Sendable {
    let identity: Identity
    let directory: FileDescriptor

    init(identity: Identity, directory: FileDescriptor) {
      (self.identity, self.directory) = (identity, directory)
    }
  }

  private static let open = Mutex<[Open]>([])

  static func register(_ directory: String) throws(LMDBError) -> Identity {
    let opened: FileDescriptor
    do throws(Errno) { opened = try .open(directory: directory) } catch {
      throw LMDBError(rawValue: error.rawValue)
    }
    var status = stat()
    guard unsafe fstat(opened.rawValue, &status) == 0 else {
      let code = errno
      opened.close()
      throw LMDBError(rawValue: code)
    }
    let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    let isFirst = open.withLock { open in
      guard !open.contains(where: { $0.identity == identity }) else { return false }
      open.append(Open(identity: identity, directory: opened))
      return true
    }
    guard isFirst else {
      opened.close()
      throw .alreadyOpen
    }
    return identity
  }

  static func forget(_ identity: Identity) {
    let forgotten = open.withLock { open in
      open.firstIndex { $0.identity == identity }.map { open.remove(at: $0).directory }
    }
    forgotten?.close()
  }
}
