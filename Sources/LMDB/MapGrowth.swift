import CDashboardLMDB
import DashboardSystem
import Glibc

/// The size of the map. Another process with a larger MAP_SIZE can make the data grow beyond it. This process then maps the
/// file anew.
///
/// No transaction of the process may use the map meanwhile (`mdb_env_set_mapsize`). The readers' pool counts them, and lets none
/// begin until the file is mapped.
extension Environment {
  /// The smallest map that is tried, in bytes.
  private static let smallestMap = 1 << 20
  /// Twice this size fits in 38 bits of address space, which every 64-bit machine has (Sv39 of RISC-V has the least).
  private static let largestUntriedMap = 1 << 36

  /// In bytes: the size in the options, or less if the address space is limited, but never less than the data. It grows with
  /// the data of other processes.
  package var mapSize: Int {
    mapMonitor.withLock { isMapLost ? 0 : information.mapSize }
  }

  /// True if the map has no room for a page beyond the data.
  package var isMapFull: Bool {
    mapMonitor.withLock { isMapLost || (neededLength ?? .max) > information.mapSize - pageSize }
  }

  /// The size of the map in bytes, the number of the data's last page, and the number of the last transaction. The map must stay in
  /// its place meanwhile.
  var information: (mapSize: Int, lastPage: Int, lastTransaction: Int) {
    var info = unsafe MDB_envinfo()
    unsafe mdb_env_info(handle, &info)
    return unsafe (
      Int(clamping: info.me_mapsize), Int(clamping: info.me_last_pgno), Int(clamping: info.me_last_txnid)
    )
  }

  /// Counts a transaction that is not taken from the pool. Waits while the pool is paused.
  func enterMap() throws(LMDBError) { while !readers.enter() { try waitForMap() } }

  /// Waits until the pool is not paused.
  ///
  /// - Throws: `mapResized` if the file is not mapped any more.
  func waitForMap() throws(LMDBError) {
    // A thread that has paused the pool holds this lock.
    if mapMonitor.withLock({ isMapLost }) { throw .mapResized }
  }

  /// Makes the map as large as another process has made its own, or at least as large as the data. Call it outside of
  /// transactions.
  ///
  /// - Throws: `mapResized` if a transaction of this process does not end, or if the address space has no room. The process
  ///   must then be restarted.
  func growMap() throws(LMDBError) {
    let isDone = mapMonitor.withLock {
      guard !isMapLost, let needed = neededLength else { return false }
      // Another thread has just done it.
      return needed <= information.mapSize || takeSize(toHold: needed)
    }
    if !isDone { throw .mapResized }
  }

  /// Makes a full map as large as another process has made its own since this one opened the file. Call it outside of
  /// transactions.
  ///
  /// A size from before is no reason: it was lowered in the settings.
  ///
  /// - Returns: false if the map stays as it is.
  func takeLargerMap() -> Bool {
    mapMonitor.withLock {
      let before = information.mapSize
      return !isMapLost && largestStoredMap > max(storedMapAtOpening, before) && takeSize(toHold: before)
    }
  }

  /// Takes over the size of other processes, or as much of it as fits. Call it while `mapMonitor` is held.
  ///
  /// - Returns: false if the map stays as it is, or is lost.
  private func takeSize(toHold needed: Int) -> Bool {
    defer { if !isMapLost { readers.resume() } }
    guard readers.pause(limit: growthLimit),
      let size = sizeToTake(needed: needed, before: information.mapSize)
    else { return false }
    // LMDB unmaps the file first. After a failure it would read at the old place.
    isMapLost = unsafe mdb_env_set_mapsize(handle, size) != 0
    return !isMapLost
  }

  /// The size of other processes, halved as at the start, but not below the data. `nil` if there is no room for the data.
  private func sizeToTake(needed: Int, before: Int) -> Int? {
    var size = largestStoredMap
    while size > needed {
      // The old map makes room for the new one.
      if let both = Self.twice(size), Self.hasRoom(for: both - before) { return size }
      size /= 2
    }
    return needed > before && Self.hasRoom(for: needed - before) ? needed : nil
  }

  private var largestStoredMap: Int { Self.largestStoredMap(in: dataFile, pageSize: pageSize) }

  /// The size in the data file, which is the largest of all processes that have written: `mm_mapsize` in its two first pages
  /// (`mdb.c`).
  static func largestStoredMap(in dataFile: FileDescriptor, pageSize: Int) -> Int {
    (0..<2).reduce(0) { largest, page in
      var size: UInt64 = 0
      let isRead = unsafe pread(dataFile.rawValue, &size, 8, page * pageSize + 32) == 8
      return isRead ? max(largest, Int(clamping: size)) : largest
    }
  }

  // MARK: Address space

  /// The wanted size, halved until the address space has room for the map and as much again (setrlimit(2), RLIMIT_AS). If the map
  /// took all of it, the next large allocation would end the process.
  static func roomForMap(_ wanted: Int) -> Int {
    var (size, limit) = (wanted, rlimit())
    // Without a limit, the usual map always fits. A trial would take too long in a process that serves one request.
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur == rlim_t.max,
      wanted <= largestUntriedMap
    {
      return wanted
    }
    while size / 2 >= smallestMap {
      if let both = twice(size), hasRoom(for: both) { break }
      size /= 2
    }
    return size
  }

  private static func twice(_ size: Int) -> Int? {
    let (both, overflows) = size.multipliedReportingOverflow(by: 2)
    return overflows ? nil : both
  }

  /// True if so many bytes of address space are free.
  private static func hasRoom(for size: Int) -> Bool {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let probe = unsafe mmap(nil, size, PROT_NONE, flags, -1, 0), unsafe probe != MAP_FAILED else {
      return false
    }
    unsafe munmap(probe, size)
    return true
  }
}
