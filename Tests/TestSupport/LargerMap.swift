import Glibc

/// Another process with a map of its own size, which makes the data grow. Its entries are in LMDB's unnamed table.
package enum LargerMap {
  private static let program = """
    import ctypes, sys
    lmdb = ctypes.CDLL("liblmdb.so.0")
    class Value(ctypes.Structure): _fields_ = [("size", ctypes.c_size_t), ("data", ctypes.c_char_p)]
    directory, map_size, name, size = sys.argv[1].encode(), int(sys.argv[2]), sys.argv[3].encode(), int(sys.argv[4])
    environment, transaction, table = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_uint()
    def check(code): assert code == 0, code
    check(lmdb.mdb_env_create(ctypes.byref(environment)))
    check(lmdb.mdb_env_set_mapsize(environment, ctypes.c_size_t(map_size)))
    check(lmdb.mdb_env_set_maxreaders(environment, 1024))
    check(lmdb.mdb_env_open(environment, directory, 0x200000, 0o600))
    check(lmdb.mdb_txn_begin(environment, None, 0, ctypes.byref(transaction)))
    check(lmdb.mdb_dbi_open(transaction, None, 0, ctypes.byref(table)))
    key, value = Value(len(name), name), Value(size, bytes(size))
    check(lmdb.mdb_put(transaction, table, ctypes.byref(key), ctypes.byref(value), 0))
    check(lmdb.mdb_txn_commit(transaction))
    lmdb.mdb_env_close(environment)
    """

  /// Adds an entry in one transaction of a process with a map of `mapSize` bytes.
  package static func add(_ name: String, bytes: Int, mapSize: Int, in directory: String) throws {
    let ending = try ChildProcess.run([
      Programs.python, "-c", program, directory, "\(mapSize)", name, "\(bytes)",
    ])
    guard ending.status == 0 else { throw TestFailure(ending.errors) }
  }
}
