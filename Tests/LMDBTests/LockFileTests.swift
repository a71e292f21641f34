import DashboardLMDB
import Glibc
import TestSupport
import Testing

/// A page of the lock file without blocks ends the process when it is first used on a full disk. Where the file system can't
/// reserve blocks, these tests fail.
@Suite("the lock file")
struct LockFileTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path("lock.mdb") }

  init() throws { directory = try TemporaryDirectory() }

  private func status() throws -> stat {
    var status = stat()
    try #require(stat(path, &status) == 0)
    return status
  }

  /// Opens the environment, and expects that all pages of the lock file have blocks from the beginning.
  private func expectBlocks(readers: UInt32 = 1024, length: Int? = nil) throws {
    var options = Environment.Options.sized(16 << 20)
    options.maximumReaders = readers
    let environment = try Environment(directory: directory.path, options: options)
    let status = try status()
    #expect(Int(status.st_blocks) * 512 >= Int(status.st_size))
    #expect(status.st_mode & 0o777 == 0o600)
    if let length { #expect(Int(status.st_size) == length) } else { #expect(status.st_size >= 64 * 1024) }
    try environment.write { _ in }
  }

  @Test("a new lock file has all its blocks before it is used")
  func created() throws { try expectBlocks() }

  @Test(
    "so has one that is empty, or that has holes, as a restored one may",
    arguments: [0, 4096, 65_664, 200_000])
  func holes(length: Int) throws {
    do { _ = try Environment(directory: directory.path, options: .sized(16 << 20)) }
    // Without blocks, but as long.
    try #require(truncate(path, 0) == 0 && truncate(path, length) == 0)
    try #require(try status().st_blocks == 0)
    try expectBlocks(length: length > 65_664 ? length : nil)
  }

  @Test("the length of the lock file stays LMDB's decision", arguments: [1, 126, 5000])
  func length(readers: UInt32) throws {
    let other = try TemporaryDirectory()
    let program = """
      import ctypes, sys
      lmdb = ctypes.CDLL("liblmdb.so.0")
      environment = ctypes.c_void_p()
      assert lmdb.mdb_env_create(ctypes.byref(environment)) == 0
      assert lmdb.mdb_env_set_maxreaders(environment, int(sys.argv[2])) == 0
      assert lmdb.mdb_env_open(environment, sys.argv[1].encode(), 0, 0o600) == 0
      """
    let ending = try ChildProcess.run([Programs.python, "-c", program, other.path, "\(readers)"])
    try #require(ending.status == 0, "\(ending.errors)")
    var status = stat()
    try #require(stat(other.path("lock.mdb"), &status) == 0)
    try expectBlocks(readers: readers, length: Int(status.st_size))
  }

  @Test("a lock file that can't be opened is LMDB's error")
  func unopened() throws {
    try #require(mkdir(path, 0o700) == 0)
    #expect(throws: LMDBError(rawValue: EISDIR)) {
      try Environment(directory: directory.path, options: .sized(16 << 20))
    }
  }
}
