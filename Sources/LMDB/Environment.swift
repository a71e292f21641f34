import CDashboardLMDB
import DashboardSystem
import Glibc

/// One data file and its lock file, mapped into memory.
///
/// - Warning: An environment must not be used across `fork`, and a process must not open one twice, since the second
///   one's end would drop the locks of the first (fcntl(2)): `init` refuses the second.
/// - Warning: A read transaction keeps every page alive that has changed since it began. Keep them short.
///
/// Safe to share: LMDB serialises writers itself, and `MDB_NOTLS` lets read transactions move between threads.
@safe package final class Environment: @unchecked Sendable {
  let handle: OpaquePointer
  /// LMDB's own descriptor of it.
  private let dataFile: FileDescriptor
  private let identity: OpenEnvironments.Identity
  private let readers = ReaderPool()
  let queue = WriteQueue()
  /// The map's size in bytes: what was asked for, or what the address space allows.
  package let mapSize: Int

  package struct Options: Sendable {
    /// Bytes; halved until the address space has room for twice as many, where it may have not. All processes should use
    /// the same.
    package var mapSize = 64 << 30
    /// The store has 28. Each takes memory in every transaction.
    package var maximumTables: UInt32 = 32
    package var maximumReaders: UInt32 = 1024

    package init() {}
  }

  /// Below this, a smaller map is no longer worth trying.
  private static let smallestMap = 1 << 20
  /// Twice as many bytes fit into 38 bits, which a process can address on every machine of 64 bits (Sv39 of RISC-V has least).
  private static let largestUntriedMap = 1 << 36

  /// Opens the environment in `directory`, which must exist; makes its files (mode 0600) if they don't.
  ///
  /// - Throws: `remoteFileSystem`, `alreadyOpen`, or what LMDB or the system reports.
  ///
  /// The corresponding C functions are `mdb_env_create` and `mdb_env_open`.
  package init(directory: String, options: Options = Options()) throws(LMDBError) {
    try FileSystem.refuseRemote(directory)
    identity = try OpenEnvironments.register(directory)
    mapSize = Self.roomForMap(options.mapSize)
    do throws(LMDBError) {
      unsafe handle = try Self.open(directory, options, mapSize: mapSize)
      var descriptor: Int32 = -1
      unsafe mdb_env_get_fd(handle, &descriptor)
      dataFile = FileDescriptor(rawValue: descriptor)
    } catch {
      OpenEnvironments.forget(identity)
      throw error
    }
    _ = checkReaders()
  }

  deinit {
    readers.abortAll()
    unsafe mdb_env_close(handle)
    OpenEnvironments.forget(identity)
  }

  /// The wanted size, halved until the address space has room for the map and as much again (setrlimit(2), RLIMIT_AS):
  /// where the map takes all there is, the next large request ends the process.
  private static func roomForMap(_ wanted: Int) -> Int {
    var (size, limit) = (wanted, rlimit())
    // Where nobody has limited it there is room for the usual map, and a trial would take a process that answers one request
    // too long.
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur == rlim_t.max,
      wanted <= largestUntriedMap
    {
      return wanted
    }
    while size / 2 >= smallestMap {
      let (both, overflows) = size.multipliedReportingOverflow(by: 2)
      let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
      if !overflows, let probe = unsafe mmap(nil, both, PROT_NONE, flags, -1, 0), unsafe probe != MAP_FAILED {
        unsafe munmap(probe, both)
        break
      }
      size /= 2
    }
    return size
  }

  private static func open(
    _ directory: String, _ options: Options, mapSize: Int
  ) throws(LMDBError) -> OpaquePointer {
    var created: OpaquePointer?
    try unsafe LMDBError.check(mdb_env_create(&created))
    guard let environment = unsafe created else { throw .corrupted }
    do throws(LMDBError) {
      try unsafe LMDBError.check(mdb_env_set_mapsize(environment, mapSize))
      try unsafe LMDBError.check(mdb_env_set_maxdbs(environment, options.maximumTables))
      try unsafe LMDBError.check(mdb_env_set_maxreaders(environment, options.maximumReaders))
      let code = unsafe directory.withCString {
        unsafe mdb_env_open(environment, $0, UInt32(MDB_NOTLS), 0o600)
      }
      try LMDBError.check(code)
    } catch {
      unsafe mdb_env_close(environment)
      throw error
    }
    return unsafe environment
  }

  // MARK: Transactions

  /// Begins a read transaction: a view of the data as it was at that moment, whatever is written meanwhile.
  ///
  /// The corresponding C functions are `mdb_txn_begin` with `MDB_RDONLY`, and `mdb_txn_renew`.
  package func beginRead() throws(LMDBError) -> ReadTransaction {
    try unsafe ReadTransaction(handle: beginReading(), owner: self)
  }

  /// Runs `body` in a read transaction, which ends with it: `body` must neither keep nor commit it. Unlike one that is begun it
  /// counts no reference to this environment, for which threads that read at once would wait.
  package func read<Result>(_ body: (consuming ReadTransaction) throws -> Result) throws -> Result {
    let handle = try unsafe beginReading()
    defer { unsafe recycle(handle) }
    return try unsafe body(ReadTransaction(handle: handle, owner: nil))
  }

  private func beginReading() throws(LMDBError) -> OpaquePointer {
    if let spare = unsafe readers.take() {
      let code = unsafe mdb_txn_renew(spare)
      if code == 0 { return unsafe spare }
      unsafe mdb_txn_abort(spare)
      if code != MDB_READERS_FULL { throw LMDBError(rawValue: code) }
    }
    var begun: OpaquePointer?
    var code = unsafe mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &begun)
    if code == MDB_READERS_FULL, checkReaders() > 0 {
      code = unsafe mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &begun)
    }
    try LMDBError.check(code)
    guard let transaction = unsafe begun else { throw .corrupted }
    return unsafe transaction
  }

  /// Takes a finished read transaction back, for the next one.
  func recycle(_ transaction: OpaquePointer) {
    unsafe mdb_txn_reset(transaction)
    unsafe readers.put(transaction)
  }

  /// Begins the write transaction, once no other thread or process has one; processes take turns.
  ///
  /// - Warning: It belongs to the thread that began it, which must not begin another before it has ended.
  ///
  /// The corresponding C function is `mdb_txn_begin`.
  package func beginWrite() throws(LMDBError) -> WriteTransaction {
    try unsafe WriteTransaction(environment: self, parent: nil)
  }

  /// LMDB's lock is not fair: a process that gives it back and takes it again at once keeps the others from it. So whoever waits
  /// for it holds another meanwhile, that of the data file (flock(2)): who has just written waits for that one, and mostly
  /// comes after. Whoever is stopped (SIGSTOP) while it waits holds up all processes that write, as who writes always did.
  func beginWriting(in parent: OpaquePointer?) throws(LMDBError) -> OpaquePointer {
    var begun: OpaquePointer?
    // Who is nested has LMDB's lock. Without the other, as where no file can be locked, it is only less fair.
    if unsafe parent == nil { try? dataFile.lock() }
    let code = unsafe mdb_txn_begin(handle, parent, 0, &begun)
    if unsafe parent == nil { dataFile.unlock() }
    try LMDBError.check(code)
    guard let transaction = unsafe begun else { throw .corrupted }
    return unsafe transaction
  }

  /// Runs `body` in a write transaction and commits it, together with what other threads write meanwhile. What it did is
  /// durable when this returns; an error undoes all of it.
  ///
  /// - Parameter body: has no effect but on the transaction, as it may be run once more; on whatever thread. It must not
  ///   write otherwise, nor wait for anything.
  package func write<Result>(_ body: (borrowing WriteTransaction) throws -> Result) throws -> Result {
    try withWriteTransaction { transaction in
      let result = try body(transaction)
      try transaction.commit()
      return result
    }
  }

  /// Like `write`, for a body that commits the transaction itself.
  package func withWriteTransaction<Result>(_ body: (consuming WriteTransaction) throws -> Result) throws
    -> Result
  {
    try queue.write(in: self, body)
  }

  // MARK: Care

  /// Frees the reader slots of processes that have died; returns how many.
  ///
  /// The corresponding C function is `mdb_reader_check`.
  package func checkReaders() -> Int {
    var dead: Int32 = 0
    return unsafe mdb_reader_check(handle, &dead) == 0 ? Int(dead) : 0
  }

  /// Copies the data, as of one moment and while others read and write, into an empty directory.
  ///
  /// - Parameter isCompacted: leaves out free pages.
  ///
  /// - Throws: `EEXIST` if there is a data file already.
  ///
  /// The corresponding C function is `mdb_env_copyfd2`; `mdb_env_copy2` would let everybody read the copy.
  package func copy(to directory: String, isCompacted: Bool = true) throws(LMDBError) {
    let path = "\(directory)/data.mdb"
    let file: FileDescriptor
    do throws(Errno) { file = try .create(path) } catch { throw LMDBError(rawValue: error.rawValue) }
    defer { file.close() }
    var code = unsafe mdb_env_copyfd2(handle, file.rawValue, isCompacted ? UInt32(MDB_CP_COMPACT) : 0)
    do throws(Errno) { if code == 0 { try file.sync() } } catch { code = error.rawValue }
    if code != 0 { unsafe unlink(path) }
    try LMDBError.check(code)
  }
}
