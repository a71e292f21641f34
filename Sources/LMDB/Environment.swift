import CDashboardLMDB
import DashboardSystem
import Glibc

/// A data file and its lock file, mapped into memory.
///
/// - Warning: Do not use an environment across `fork`.
/// - Warning: A process must not open a directory twice, since closing the second environment would drop the locks of the first
///   (fcntl(2)). `init` refuses it.
/// - Warning: While a read transaction lives, LMDB can't reuse the pages that changed since its beginning. Keep it short.
///
/// Safe to share: LMDB serialises writers, and `MDB_NOTLS` lets read transactions move between threads.
@safe package final class Environment: @unchecked Sendable {
  let handle: OpaquePointer
  /// The descriptor that LMDB has opened.
  let dataFile: FileDescriptor
  /// In bytes.
  let pageSize: Int
  private let identity: OpenEnvironments.Identity
  private let readers = ReaderPool()
  let queue = WriteQueue()
  /// In bytes: the size in the options, or less if the address space is limited.
  package let mapSize: Int

  package struct Options: Sendable {
    /// In bytes. Halved until the address space has room for twice as much. Use the same size in all processes.
    package var mapSize = 64 << 30
    /// Each table takes memory in every transaction.
    package var maximumTables: UInt32 = 32
    package var maximumReaders: UInt32 = 1024

    package init() {}
  }

  /// The smallest map that is tried, in bytes.
  private static let smallestMap = 1 << 20
  /// Twice this size fits in 38 bits of address space, which every 64-bit machine has (Sv39 of RISC-V has the least).
  private static let largestUntriedMap = 1 << 36

  /// Opens the environment in a directory, which must exist. Creates its files with mode 0600 if they don't.
  ///
  /// The corresponding C functions are `mdb_env_create` and `mdb_env_open`.
  ///
  /// - Throws: `remoteFileSystem`, `alreadyOpen`, `cutShort`, or an error of LMDB or the system.
  package init(directory: String, options: Options = Options()) throws(LMDBError) {
    try FileSystem.refuseRemote(directory)
    identity = try OpenEnvironments.register(directory)
    mapSize = Self.roomForMap(options.mapSize)
    do throws(LMDBError) {
      unsafe handle = try Self.open(directory, options, mapSize: mapSize)
      var descriptor: Int32 = -1
      unsafe mdb_env_get_fd(handle, &descriptor)
      dataFile = FileDescriptor(rawValue: descriptor)
      var statistics = MDB_stat()
      unsafe mdb_env_stat(handle, &statistics)
      pageSize = Int(statistics.ms_psize)
    } catch {
      OpenEnvironments.forget(identity)
      throw error
    }
    try checkLength()
    _ = checkReaders()
  }

  deinit {
    readers.abortAll()
    unsafe mdb_env_close(handle)
    OpenEnvironments.forget(identity)
  }

  /// The wanted size, halved until the address space has room for the map and as much again (setrlimit(2), RLIMIT_AS). If the map
  /// took all of it, the next large allocation would end the process.
  private static func roomForMap(_ wanted: Int) -> Int {
    var (size, limit) = (wanted, rlimit())
    // Without a limit, the usual map always fits. A trial would take too long in a process that serves one request.
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

  /// Begins a read transaction, which sees the data as of this moment.
  ///
  /// The corresponding C functions are `mdb_txn_begin` with `MDB_RDONLY`, and `mdb_txn_renew`.
  package func beginRead() throws(LMDBError) -> ReadTransaction {
    try unsafe ReadTransaction(handle: beginReading(), owner: self)
  }

  /// Runs `body` in a read transaction, which ends with it.
  ///
  /// Unlike `beginRead`, it does not retain the environment: threads that read at once would wait for the reference count.
  ///
  /// - Parameter body: must neither keep nor commit the transaction.
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

  /// Takes back a finished read transaction for reuse.
  func recycle(_ transaction: OpaquePointer) {
    unsafe mdb_txn_reset(transaction)
    unsafe readers.put(transaction)
  }

  /// Begins the write transaction, once no other thread or process has one. Processes take turns.
  ///
  /// The corresponding C function is `mdb_txn_begin`.
  ///
  /// - Warning: The transaction belongs to this thread, which must not begin another before it ends.
  package func beginWrite() throws(LMDBError) -> WriteTransaction {
    try unsafe WriteTransaction(environment: self, parent: nil)
  }

  /// Begins a write transaction, fairly among processes.
  ///
  /// LMDB's writer lock is not fair: a process that releases it and takes it again keeps other processes out. So a process that
  /// waits for it holds the data file's flock(2). A process that has just written waits for flock(2) first, and mostly comes
  /// after.
  ///
  /// A process that is stopped (SIGSTOP) while it waits blocks all writers, as one that is stopped while it writes always does.
  func beginWriting(in parent: OpaquePointer?) throws(LMDBError) -> OpaquePointer {
    var begun: OpaquePointer?
    // A nested transaction already has LMDB's lock. If the file can't be locked, writing is only less fair.
    if unsafe parent == nil { try? dataFile.lock() }
    let code = unsafe mdb_txn_begin(handle, parent, 0, &begun)
    if unsafe parent == nil { dataFile.unlock() }
    try LMDBError.check(code)
    guard let transaction = unsafe begun else { throw .corrupted }
    return unsafe transaction
  }

  /// Runs `body` in a write transaction, and commits it together with the writes of other threads. The changes are durable when
  /// this returns. An error undoes all of them.
  ///
  /// - Parameter body: may run on any thread, and more than once. It must change only the transaction, begin no other write, and
  ///   wait for nothing.
  package func write<Result>(_ body: (borrowing WriteTransaction) throws -> Result) throws -> Result {
    try withWriteTransaction { transaction in
      let result = try body(transaction)
      try transaction.commit()
      return result
    }
  }

  /// Does the same for a body that commits the transaction itself.
  package func withWriteTransaction<Result>(_ body: (consuming WriteTransaction) throws -> Result) throws
    -> Result
  {
    try queue.write(in: self, body)
  }

  // MARK: Care

  /// Frees the reader slots of processes that have died.
  ///
  /// The corresponding C function is `mdb_reader_check`.
  ///
  /// - Returns: the number of freed slots.
  package func checkReaders() -> Int {
    var dead: Int32 = 0
    return unsafe mdb_reader_check(handle, &dead) == 0 ? Int(dead) : 0
  }

  /// Copies the data as of this moment into an empty directory. Reads and writes go on meanwhile.
  ///
  /// The corresponding C function is `mdb_env_copyfd2`. `mdb_env_copy2` would make the copy readable by other users.
  ///
  /// - Parameter isCompacted: true to leave out free pages.
  /// - Throws: `EEXIST` if the directory has a data file.
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
