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
  private let identity: FileIdentity
  let readers = ReaderPool()
  let queue = WriteQueue()
  /// Keeps the map in its place, also outside of transactions.
  let mapMonitor = Monitor()
  /// True if the file is not mapped any more. Guarded by `mapMonitor`.
  var isMapLost = false
  /// The largest map of other processes before this one, in bytes.
  let storedMapAtOpening: Int
  let growthLimit: Int64
  let isReadOnly: Bool
  let openFiles: OpenFiles
  let filesMonitor = Monitor()
  /// What a thread saw last. Guarded by `filesMonitor`.
  var displacedFile = OpenFiles.Displaced.none
  let whenDisplaced: @Sendable (_ path: String?) -> Void

  package struct Options: Sendable {
    /// In bytes. Halved until the address space has room for twice as much.
    package var mapSize = 64 << 30
    /// Each table takes memory in every transaction.
    package var maximumTables: UInt32 = 32
    package var maximumReaders: UInt32 = 1024
    /// When other processes have made the data grow beyond the map: how long to wait until the transactions of this process have
    /// ended, in milliseconds.
    package var growthLimit: Int64 = 5000
    /// True to only read a data file that no process writes, such as a backup. No file is created or changed, and there is no lock
    /// file. The directory may be on another machine.
    package var isReadOnly = false
    /// Called once when a file was removed or replaced, with its path, and once when it is back, with `nil`.
    package var whenDisplaced: @Sendable (_ path: String?) -> Void = { _ in }

    package init() {}
  }

  /// Opens the environment in a directory, which must exist. Creates its files with mode 0600 if they don't.
  ///
  /// The corresponding C functions are `mdb_env_create` and `mdb_env_open`.
  ///
  /// - Throws: `remoteFileSystem`, `alreadyOpen`, `cutShort`, or an error of LMDB or the system.
  package init(directory: String, options: Options = Options()) throws(LMDBError) {
    if !options.isReadOnly { try FileSystem.refuseRemote(directory) }
    identity = try OpenEnvironments.register(directory)
    (growthLimit, whenDisplaced, isReadOnly) = (
      options.growthLimit, options.whenDisplaced, options.isReadOnly
    )
    do throws(LMDBError) {
      if !isReadOnly { try LockFile.reserve(in: directory, readers: options.maximumReaders) }
      unsafe handle = try Self.open(directory, options)
      var descriptor: Int32 = -1
      unsafe mdb_env_get_fd(handle, &descriptor)
      dataFile = FileDescriptor(rawValue: descriptor)
      openFiles = OpenFiles(in: directory, data: dataFile)
      var statistics = MDB_stat()
      unsafe mdb_env_stat(handle, &statistics)
      pageSize = Int(statistics.ms_psize)
      storedMapAtOpening = Self.largestStoredMap(in: dataFile, pageSize: pageSize)
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

  private static func open(_ directory: String, _ options: Options) throws(LMDBError) -> OpaquePointer {
    var created: OpaquePointer?
    try unsafe LMDBError.check(mdb_env_create(&created))
    guard let environment = unsafe created else { throw .corrupted }
    do throws(LMDBError) {
      try unsafe LMDBError.check(mdb_env_set_mapsize(environment, roomForMap(options.mapSize)))
      try unsafe LMDBError.check(mdb_env_set_maxdbs(environment, options.maximumTables))
      try unsafe LMDBError.check(mdb_env_set_maxreaders(environment, options.maximumReaders))
      let flags = MDB_NOTLS | (options.isReadOnly ? MDB_RDONLY | MDB_NOLOCK : 0)
      let code = unsafe directory.withCString {
        unsafe mdb_env_open(environment, $0, UInt32(flags), 0o600)
      }
      // LMDB begins an empty file, and can't write it.
      if options.isReadOnly, code == EBADF { throw LMDBError.invalid }
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

  /// Begins the write transaction, once no other thread or process has one. Processes take turns.
  ///
  /// The corresponding C function is `mdb_txn_begin`.
  ///
  /// - Warning: The transaction belongs to this thread, which must not begin another before it ends.
  package func beginWrite() throws(LMDBError) -> WriteTransaction {
    try unsafe WriteTransaction(environment: self, parent: nil)
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
    do throws(LMDBError) {
      try write(to: file, isCompacted ? UInt32(MDB_CP_COMPACT) : 0)
      do throws(Errno) { try file.sync() } catch { throw LMDBError(rawValue: error.rawValue) }
    } catch {
      unsafe unlink(path)
      throw error
    }
  }

  private func write(to copy: FileDescriptor, _ flags: UInt32) throws(LMDBError) {
    while true {
      try enterMap()
      let code = unsafe mdb_env_copyfd2(handle, copy.rawValue, flags)
      readers.leave()
      if code == 0 { return }
      // Nothing is written before its transaction has begun.
      try growMap(after: code)
    }
  }
}
