import DashboardSystem
import Glibc

/// The blocks of the lock file on the disk.
///
/// LMDB makes the file as long as its table of readers, maps it, and does not write it. On a full disk the first use of one of
/// its pages would end the process (SIGBUS).
package enum LockFile {
  private static let name = "lock.mdb"
  /// Of a reader, and of each part of the head (`CACHELINE` in `mdb.c`), in bytes.
  private static let slotSize = 64
  /// The most parts of the head: its two locks, with their states. On some machines a lock takes two slots.
  private static let headSlots = 4

  /// Reserves the blocks of a lock file for `readers` readers, and of all that is there. Creates a missing file as LMDB does.
  ///
  /// The length stays as it is, since only LMDB knows whether it may change it. Call it while the process does not have the
  /// environment open: closing a descriptor of the file gives up LMDB's locks of it (fcntl(2)).
  ///
  /// - Throws: an error of `isStorageUnavailable`. Of any other trouble, or if the file system can't reserve blocks, LMDB says
  ///   what it means.
  static func reserve(in directory: String, readers: UInt32) throws(LMDBError) {
    do throws(Errno) {
      let file = try FileDescriptor.openOrCreate("\(directory)/\(name)")
      defer { file.close() }
      try file.reserve((Int(readers) + headSlots) * slotSize)
    } catch {
      let error = LMDBError(rawValue: error.rawValue)
      if error.isStorageUnavailable { throw error }
    }
  }

  /// A process that has the environment of a directory open; `nil` if none has. 0 if its number is not known here.
  ///
  /// Each one has a lock of the file's first byte (`mdb_env_share_locks` in `mdb.c`), which ends with the process. Call it while
  /// this process does not have the environment open, as `reserve`.
  package static func user(of directory: String) -> Int32? {
    guard let file = try? FileDescriptor.open("\(directory)/\(name)") else { return nil }
    defer { file.close() }
    var lock = flock()
    (lock.l_type, lock.l_whence, lock.l_start, lock.l_len) = (Int16(F_WRLCK), Int16(SEEK_SET), 0, 1)
    guard unsafe fcntl(file.rawValue, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
    return max(0, lock.l_pid)
  }
}
