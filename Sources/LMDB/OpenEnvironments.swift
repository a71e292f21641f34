import DashboardSystem
import Glibc
import Synchronization

/// The environments that this process has open, so that it opens none twice.
enum OpenEnvironments {
  /// The open descriptor keeps the inode number in use. Otherwise a new directory could get the number of a removed one, and be
  /// taken for it.
  private struct Open: Sendable {
    let identity: FileIdentity
    let directory: FileDescriptor
  }

  private static let open = Mutex<[Open]>([])

  static func register(_ directory: String) throws(LMDBError) -> FileIdentity {
    let opened: FileDescriptor
    do throws(Errno) { opened = try .open(directory: directory) } catch {
      throw LMDBError(rawValue: error.rawValue)
    }
    let identity: FileIdentity
    do throws(Errno) { identity = try FileIdentity(opened) } catch {
      opened.close()
      throw LMDBError(rawValue: error.rawValue)
    }
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

  static func forget(_ identity: FileIdentity) {
    let forgotten = open.withLock { open in
      open.firstIndex { $0.identity == identity }.map { open.remove(at: $0).directory }
    }
    forgotten?.close()
  }
}
