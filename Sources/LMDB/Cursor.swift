import CDashboardLMDB

/// A place in a table. Its life must end before its transaction's.
@safe struct Cursor: ~Copyable {
  private let handle: OpaquePointer

  /// The corresponding C function is `mdb_cursor_open`.
  init(_ table: MDB_dbi, in access: TransactionAccess) throws(LMDBError) {
    var opened: OpaquePointer?
    try unsafe LMDBError.check(mdb_cursor_open(access.handle, table, &opened))
    guard let opened = unsafe opened else { throw LMDBError.corrupted }
    unsafe handle = unsafe opened
  }

  deinit { unsafe mdb_cursor_close(handle) }

  /// Moves it, and tells what is there until something is written. 0, MDB_NOTFOUND, or an error.
  ///
  /// The corresponding C function is `mdb_cursor_get`.
  borrowing func move(_ key: inout MDB_val, _ value: inout MDB_val, _ operation: MDB_cursor_op) -> Int32 {
    unsafe mdb_cursor_get(handle, &key, &value, operation)
  }

  /// Stores a value: with MDB_CURRENT in place of the one that it stands on, whose key must be that one.
  ///
  /// The corresponding C function is `mdb_cursor_put`.
  borrowing func put(_ key: inout MDB_val, _ value: inout MDB_val, flags: Int32) -> Int32 {
    unsafe mdb_cursor_put(handle, &key, &value, UInt32(flags))
  }
}
