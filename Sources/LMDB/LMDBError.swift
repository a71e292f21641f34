import CDashboardLMDB
import Glibc

/// An error code of LMDB or of the system. Codes without a name here are kept too.
package struct LMDBError: Error, RawRepresentable, Hashable, CustomStringConvertible {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The table does not exist.
  package static let notFound = LMDBError(rawValue: MDB_NOTFOUND)
  /// The map is full: MAP_SIZE is too small for the data.
  package static let mapFull = LMDBError(rawValue: MDB_MAP_FULL)
  /// The environment's reader table is full.
  package static let readersFull = LMDBError(rawValue: MDB_READERS_FULL)
  /// Another process has grown the map.
  package static let mapResized = LMDBError(rawValue: MDB_MAP_RESIZED)
  /// The environment had a fatal error and must be closed.
  package static let panic = LMDBError(rawValue: MDB_PANIC)
  /// A key is empty or longer than 511 bytes.
  package static let badKeySize = LMDBError(rawValue: MDB_BAD_VALSIZE)
  package static let corrupted = LMDBError(rawValue: MDB_CORRUPTED)
  /// The file is not a data file, or is too short for one.
  package static let invalid = LMDBError(rawValue: MDB_INVALID)
  package static let noSpace = LMDBError(rawValue: ENOSPC)
  package static let inputOutput = LMDBError(rawValue: EIO)
  package static let quotaExceeded = LMDBError(rawValue: EDQUOT)
  package static let fileTooLarge = LMDBError(rawValue: EFBIG)
  /// This process has already opened the environment.
  package static let alreadyOpen = LMDBError(rawValue: EBUSY)
  /// Another process has the number of this one, as in another container. LMDB tells readers apart by it.
  package static let sameProcessNumber = LMDBError(rawValue: EAGAIN)
  /// The directory is on a network file system.
  package static let remoteFileSystem = LMDBError(rawValue: EREMOTE)
  /// The data file lacks pages that the data needs.
  package static let cutShort = LMDBError(rawValue: EUCLEAN)
  /// A file of the environment was removed or replaced.
  package static let displaced = LMDBError(rawValue: ESTALE)
  /// The data is not what the lock file says: the file was overwritten, or a process used it with another lock file.
  package static let overwritten = LMDBError(rawValue: EBADFD)

  /// True if the data is intact and a later attempt may succeed: the disk or the map is full, the disk failed, or a file is not in its place.
  package var isStorageUnavailable: Bool {
    [Self.mapFull, .noSpace, .inputOutput, .quotaExceeded, .fileTooLarge, .readersFull, .displaced].contains(
      self)
  }

  /// True if the data file is damaged, or is no data file.
  package var isDamage: Bool {
    [MDB_INVALID, MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_VERSION_MISMATCH, MDB_INCOMPATIBLE, MDB_CURSOR_FULL]
      .contains(rawValue) || self == .cutShort
  }

  /// True if this process can't use the environment any more. A new process can.
  package var needsRestart: Bool { [Self.panic, .mapResized, .overwritten].contains(self) }

  /// The text of LMDB or of the system, except for codes that need a clearer one.
  ///
  /// The corresponding C function is `mdb_strerror`.
  package var description: String {
    if self == .alreadyOpen { return "is already open in this process" }
    if self == .sameProcessNumber {
      return
        "a process of another container that uses the data has the number of this one; use the data in one container"
    }
    if self == .remoteFileSystem { return "is on a network file system; the data must be on a local one" }
    if self == .displaced { return "data.mdb or lock.mdb was removed or replaced while it was in use" }
    if self == .overwritten { return "data.mdb was overwritten while it was in use" }
    if self == .cutShort { return "data.mdb was cut short or is damaged; restore it from a backup" }
    guard let text = unsafe mdb_strerror(rawValue) else { return "error \(rawValue)" }
    let sentence = unsafe String(cString: text)
    return switch self {
    case .invalid: "\(sentence): data.mdb was cut short or is damaged; restore it from a backup"
    case .noSpace, .quotaExceeded: "\(sentence); make room on the disk"
    default: sentence
    }
  }

  /// Throws unless the code is 0.
  static func check(_ code: Int32) throws(LMDBError) {
    if code != 0 { throw LMDBError(rawValue: code) }
  }
}

/// A record with unreadable bytes: a newer program wrote it, or it is damaged.
package struct UnreadableRecord: Error, CustomStringConvertible {
  package let table: String

  package init(table: String) { self.table = table }

  package var description: String { "the table '\(table)' holds an unreadable record" }
}
