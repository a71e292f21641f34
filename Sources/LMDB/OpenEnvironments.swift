import Glibc
import Synchronization

/// The environments that this process has open, so that none is opened twice.
enum OpenEnvironments {
  /// A directory, however it is named.
  struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  /// With descriptors of the directories: a directory that is removed would otherwise leave its number to a new one,
  /// which would be taken for it.
  private static let open = Mutex<[Identity: Int32]>([:])

  static func register(_ directory: String) throws(LMDBError) -> Identity {
    let descriptor = unsafe Glibc.open(directory, O_DIRECTORY | O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw LMDBError(rawValue: errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw LMDBError(rawValue: code)
    }
    let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    let isFirst = open.withLock { open in
      guard open[identity] == nil else { return false }
      open[identity] = descriptor
      return true
    }
    guard isFirst else {
      close(descriptor)
      throw .alreadyOpen
    }
    return identity
  }

  static func forget(_ identity: Identity) {
    if let descriptor = open.withLock({ $0.removeValue(forKey: identity) }) { close(descriptor) }
  }
}
