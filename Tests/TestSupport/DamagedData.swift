import Glibc

/// Damage to a data file that no process has open.
package enum DamagedData {
  package static let pageSize = 4096

  private static let program = """
    import ctypes, sys
    lmdb = ctypes.CDLL("liblmdb.so.0")
    directory, name = sys.argv[1].encode(), sys.argv[2].encode()
    environment, transaction, table = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_uint()
    def check(code): assert code == 0, code
    check(lmdb.mdb_env_create(ctypes.byref(environment)))
    check(lmdb.mdb_env_set_maxdbs(environment, 1))
    check(lmdb.mdb_env_open(environment, directory, 0x400000, 0o600))
    check(lmdb.mdb_txn_begin(environment, None, 0, ctypes.byref(transaction)))
    check(lmdb.mdb_dbi_open(transaction, name, 0, ctypes.byref(table)))
    check(lmdb.mdb_drop(transaction, table, 0))
    check(lmdb.mdb_txn_commit(transaction))
    lmdb.mdb_env_close(environment)
    """

  /// Removes all entries of a table, and leaves no lock file behind.
  package static func empty(table: String, in directory: String) throws {
    let ending = try ChildProcess.run([Programs.python, "-c", program, directory, table])
    guard ending.status == 0 else { throw TestFailure(ending.errors) }
  }

  /// Changes the bytes of a file.
  package static func change(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
    var bytes = try Files.read(path)
    change(&bytes)
    try Files.write(bytes, to: path)
  }
}
