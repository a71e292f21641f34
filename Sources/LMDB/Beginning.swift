import CDashboardLMDB
import DashboardSystem
import Glibc

/// The beginning of LMDB's transactions. Each one is counted in the readers' pool until it ends.
extension Environment {
  func beginReading() throws(LMDBError) -> OpaquePointer {
    while true {
      var transaction: OpaquePointer?
      guard unsafe readers.take(&transaction) else {
        try waitForMap()
        if displacedPath != nil { try checkFiles() }
        continue
      }
      var code = MDB_READERS_FULL
      if let spare = unsafe transaction {
        code = unsafe mdb_txn_renew(spare)
        if code == 0 { return unsafe spare }
        unsafe mdb_txn_abort(spare)
      }
      if code == MDB_READERS_FULL {
        code = unsafe mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &transaction)
      }
      if code == MDB_READERS_FULL, checkReaders() > 0 {
        code = unsafe mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &transaction)
      }
      if code == 0, let begun = unsafe transaction { return unsafe begun }
      readers.leave()
      try growMap(after: code)
    }
  }

  /// Grows the map if that is why a transaction could not begin.
  ///
  /// - Throws: the error of any other code.
  func growMap(after code: Int32) throws(LMDBError) {
    guard code == MDB_MAP_RESIZED else { throw LMDBError(rawValue: code) }
    try growMap()
  }

  /// Takes back a finished read transaction for reuse.
  func recycle(_ transaction: OpaquePointer) {
    unsafe mdb_txn_reset(transaction)
    unsafe readers.put(transaction)
  }

  /// Begins a write transaction, fairly among processes.
  ///
  /// LMDB's writer lock is not fair: a process that releases it and takes it again keeps other processes out. So a process that
  /// waits for it holds the data file's flock(2). A process that has just written waits for flock(2) first, and mostly comes
  /// after.
  ///
  /// A process that is stopped (SIGSTOP) while it waits blocks all writers, as one that is stopped while it writes always does.
  ///
  /// Call `readers.leave` after its end.
  func beginWriting() throws(LMDBError) -> OpaquePointer {
    while true {
      // If the file can't be locked, writing is only less fair.
      try? dataFile.lock()
      defer { dataFile.unlock() }
      // Not before the turn of this process: growing the map would wait for the other processes too.
      try enterMap()
      var begun: OpaquePointer?
      let code = unsafe mdb_txn_begin(handle, nil, 0, &begun)
      guard code == 0, let transaction = unsafe begun else {
        readers.leave()
        try growMap(after: code)
        continue
      }
      do throws(LMDBError) { try unsafe requireFiles(for: transaction) } catch {
        unsafe mdb_txn_abort(transaction)
        readers.leave()
        throw error
      }
      return unsafe transaction
    }
  }

  /// Begins a transaction nested in another one.
  func beginWriting(in parent: OpaquePointer) throws(LMDBError) -> OpaquePointer {
    var begun: OpaquePointer?
    try unsafe LMDBError.check(mdb_txn_begin(handle, parent, 0, &begun))
    guard let transaction = unsafe begun else { throw .corrupted }
    return unsafe transaction
  }
}
