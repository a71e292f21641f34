import CDashboardLMDB
import Glibc

/// An error code of LMDB or of the system beneath it. Codes without a name here survive as they are.
package struct LMDBError: Error, RawRepresentable, Hashable, CustomStringConvertible {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// There is no such table.
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
  package static let noSpace = LMDBError(rawValue: ENOSPC)
  package static let inputOutput = LMDBError(rawValue: EIO)
  package static let quotaExceeded = LMDBError(rawValue: EDQUOT)
  package static let fileTooLarge = LMDBError(rawValue: EFBIG)
  /// This process has the environment open already.
  package static let alreadyOpen = LMDBError(rawValue: EBUSY)
  /// The directory is on another machine's file system.
  package static let remoteFileSystem = LMDBError(rawValue: EREMOTE)

  /// Whether the data is intact and a later try may succeed: the disk or the map is full, or failing.
  package var isStorageUnavailable: Bool {
    [Self.mapFull, .noSpace, .inputOutput, .quotaExceeded, .fileTooLarge, .readersFull].contains(self)
  }

  /// Whether this process can do nothing more with the environment: another one, or this one started anew, can.
  package var needsRestart: Bool { self == .panic || self == .mapResized }

  /// LMDB's own text, or the system's where it says enough.
  ///
  /// The corresponding C function is `mdb_strerror`.
  package var description: String {
    if self == .alreadyOpen { return "is open in this process already" }
    if self == .remoteFileSystem { return "is on a network file system; the data must be on a local one" }
    guard let text = unsafe mdb_strerror(rawValue) else { return "error \(rawValue)" }
    return unsafe String(cString: text)
  }

  /// Throws unless the code is 0.
  static func check(_ code: Int32) throws(LMDBError) {
    if code != 0 { throw LMDBError(rawValue: code) }
  }
}

/// A record that is not what its table should hold: written by a newer program, or damaged.
package struct UnreadableRecord: Error, CustomStringConvertible {
  package let table: String
  package var description: String { "the table '\(table)' holds a record that this program can't read" }
}
