import Glibc
import Synchronization

/// The environments that this process has open, so that none is opened twice.
enum OpenEnvironments {
  /// A directory, however it is named.
  struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  private static let open = Mutex<Set<Identity>>([])

  static func register(_ directory: String) throws(LMDBError) -> Identity {
    var status = stat()
    guard unsafe stat(directory, &status) == 0 else { throw LMDBError(rawValue: errno) }
    let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    guard open.withLock({ $0.insert(identity).inserted }) else { throw .alreadyOpen }
    return identity
  }

  static func forget(_ identity: Identity) {
    _ = open.withLock { $0.remove(identity) }
  }
}
