import CDashboardLMDB
import DashboardSystem
import Glibc
import Synchronization

/// The places of the files. A file that was removed or replaced stays open, and takes changes that are lost. If it is the lock
/// file, other processes see no transaction of this one, and write at the same time.
extension Environment {
  /// The path that leads to no file or to another one; `nil` if both files are in their places.
  package var displacedPath: String? { filesMonitor.withLock { openFiles.path(of: displacedFile) } }

  /// Checks whether the files are in their places. While they are not, each transaction checks it before it begins, and so
  /// finds it at once when they are back.
  ///
  /// - Throws: `displaced`, or `overwritten`.
  package func checkFiles() throws(LMDBError) {
    let displaced = openFiles.displaced
    if displaced != .none {
      note(displaced)
      throw .displaced
    }
    // Only the writer sees that no process has changed the data meanwhile.
    if displacedPath != nil { return try withWriterLock {} }
    let reader = try unsafe beginReading()
    defer { unsafe recycle(reader) }
    // A commit writes its number to the data file first, and then to the lock file. They are read the other way round.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if unsafe mdb_txn_id(reader) > information.lastTransaction { throw .overwritten }
  }

  /// Checks that changes go into the right file, and follow the changes before them.
  ///
  /// - Parameter writer: the write transaction.
  /// - Throws: `displaced`, or `overwritten`.
  func requireFiles(for writer: OpaquePointer) throws(LMDBError) {
    let displaced = openFiles.displaced
    // The lock file has the number of the last transaction too.
    if displaced == .none, unsafe Int(mdb_txn_id(writer)) != information.lastTransaction &+ 1 {
      throw .overwritten
    }
    note(displaced)
    if displaced != .none { throw .displaced }
  }

  private func note(_ displaced: OpenFiles.Displaced) {
    filesMonitor.withLock {
      let before = displacedFile
      displacedFile = displaced
      guard (before == .none) != (displaced == .none) else { return }
      readers.setDisplaced(displaced != .none)
      whenDisplaced(openFiles.path(of: displaced))
    }
  }
}

/// The files of an environment. LMDB keeps them open, so that no new file can have the same identity.
struct OpenFiles {
  private let directory: String
  private let data: FileIdentity?
  private let lock: FileIdentity?

  /// The file whose path leads to no file or to another one.
  enum Displaced {
    case none, data, lock
  }

  /// The files that LMDB has just opened.
  init(in directory: String, data file: FileDescriptor) {
    self.directory = directory
    data = try? FileIdentity(file)
    lock = try? FileIdentity(directory + "/lock.mdb")
  }

  var displaced: Displaced {
    if isDisplaced(.data, data) { return .data }
    return isDisplaced(.lock, lock) ? .lock : .none
  }

  func path(of displaced: Displaced) -> String? {
    switch displaced {
    case .none: nil
    case .data: directory + "/data.mdb"
    case .lock: directory + "/lock.mdb"
    }
  }

  /// False also if the path can't be followed for another reason, which says nothing about the file.
  private func isDisplaced(_ file: Displaced, _ opened: FileIdentity?) -> Bool {
    guard let opened, let path = path(of: file) else { return false }
    do throws(Errno) { return try FileIdentity(path) != opened } catch {
      return error.rawValue == ENOENT || error.rawValue == ENOTDIR
    }
  }
}
