import Glibc
import Synchronization

/// The environments that this process has open, so that none is opened twice.
enum OpenEnvironments {
  /// A directory, however it is named.
  struct Identity: Equatable {
    let device: UInt64
    let inode: UInt64
  }

  /// With a descriptor of the directory: one that is removed would otherwise leave its number to a new one, which would be
  /// taken for it. An object, for CGI's sake (CONTRIBUTING.md).
  private final class Open: Sendable {
    let identity: Identity
    let descriptor: Int32

    init(identity: Identity, descriptor: Int32) { (self.identity, self.descriptor) = (identity, descriptor) }
  }

  private static let open = Mutex<[Open]>([])

  static func register(_ directory: String) throws(LMDBError) -> Identity {
    let descriptor = unsafe directory.withCString {
      unsafe Glibc.open($0, O_DIRECTORY | O_RDONLY | O_CLOEXEC)
    }
    guard descriptor >= 0 else { throw LMDBError(rawValue: errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw LMDBError(rawValue: code)
    }
    let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    let isFirst = open.withLock { open in
      guard !open.contains(where: { $0.identity == identity }) else { return false }
      open.append(Open(identity: identity, descriptor: descriptor))
      return true
    }
    guard isFirst else {
      close(descriptor)
      throw .alreadyOpen
    }
    return identity
  }

  static func forget(_ identity: Identity) {
    let forgotten = open.withLock { open in
      open.firstIndex { $0.identity == identity }.map { open.remove(at: $0).descriptor }
    }
    if let forgotten { close(forgotten) }
  }
}
