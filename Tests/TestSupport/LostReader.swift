import Glibc

/// A read transaction of a killed process. Its reader slot keeps LMDB from reusing pages that later writes replace.
package enum LostReader {
  private static let program = """
    import ctypes, sys, time
    lmdb = ctypes.CDLL("liblmdb.so.0")
    environment, transaction = ctypes.c_void_p(), ctypes.c_void_p()
    assert lmdb.mdb_env_create(ctypes.byref(environment)) == 0
    assert lmdb.mdb_env_open(environment, sys.argv[1].encode(), 0x200000, 0o600) == 0
    assert lmdb.mdb_txn_begin(environment, None, 0x20000, ctypes.byref(transaction)) == 0
    print("reading", flush=True)
    time.sleep(600)
    """

  package static func leave(in directory: String) throws {
    let process = try ChildProcess([Programs.python, "-c", program, directory])
    guard eventually({ process.output == "reading\n" || !process.isRunning }), process.isRunning else {
      throw TestFailure(process.errors)
    }
    process.signal(SIGKILL)
    _ = process.wait()
  }
}
