import CDashboardLMDB

/// A position in a table. Its life must end before its transaction's.
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

  /// Moves the cursor, and sets `key` and `value` to the entry there. They stay valid until something is written.
  ///
  /// The corresponding C function is `mdb_cursor_get`.
  ///
  /// - Returns: 0, `MDB_NOTFOUND`, or another error code.
  borrowing func move(_ key: inout MDB_val, _ value: inout MDB_val, _ operation: MDB_cursor_op) -> Int32 {
    unsafe mdb_cursor_get(handle, &key, &value, operation)
  }

  /// Stores a value. With `MDB_CURRENT` it replaces the value at the cursor, whose key must be `key`.
  ///
  /// The corresponding C function is `mdb_cursor_put`.
  borrowing func put(_ key: inout MDB_val, _ value: inout MDB_val, flags: Int32) -> Int32 {
    unsafe mdb_cursor_put(handle, &key, &value, UInt32(flags))
  }
}
