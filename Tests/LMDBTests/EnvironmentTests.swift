import DashboardLMDB
import Glibc
import TestSupport
import Testing

@Suite("Environments")
struct EnvironmentTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open(mapSize: Int = 16 << 20) throws(LMDBError) -> Environment {
    try Environment(directory: directory.path, options: .sized(mapSize))
  }

  private func putOne(in environment: Environment) throws -> Numbers {
    try environment.write { transaction in
      let table: Numbers = try Table("numbers", in: transaction, createIfMissing: true)
      try table.put([1], 10, in: transaction)
      return table
    }
  }

  @Test("reopening finds the data")
  func reopening() throws {
    _ = try putOne(in: open())
    let environment = try open()
    let table: Numbers = try environment.write { try Table("numbers", in: $0, createIfMissing: true) }
    #expect(try table.all(in: environment) == [[1]: 10])
  }

  @Test("a process can't open a directory twice")
  func openTwice() throws {
    let environment = try open()
    #expect(throws: LMDBError.alreadyOpen) { try open() }
    let link = "\(directory.path)/link"
    #expect(symlink(directory.path, link) == 0)
    #expect(throws: LMDBError.alreadyOpen) { try Environment(directory: link) }
    withExtendedLifetime(environment) {}
  }

  /// A file system reuses the inode number of a removed directory only after every process has closed it.
  @Test("an open environment keeps the inode number of its removed directory")
  func removedDirectory() throws {
    let removed = "\(directory.path)/removed"
    try Files.makeDirectory(removed)
    let environment = try Environment(directory: removed, options: .sized(1 << 20))
    Files.removeAll(removed)
    #expect(isHeld(removed))
    withExtendedLifetime(environment) {}
  }

  @Test("a closed environment holds no descriptor")
  func closed() throws {
    do { _ = try open() }
    #expect(!isHeld(directory.path))
  }

  /// True if this process has the directory open (proc(5)).
  private func isHeld(_ path: String) -> Bool {
    Files.names(in: "/proc/self/fd").contains { number in
      var target = [CChar](repeating: 0, count: 4096)
      let count = readlink("/proc/self/fd/\(number)", &target, target.count)
      let text = String(decoding: target.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return text == path || text == path + " (deleted)"
    }
  }

  @Test("a missing directory is an error of the system")
  func missingDirectory() throws {
    let error = #expect(throws: LMDBError.self) {
      try Environment(directory: "\(directory.path)/missing")
    }
    #expect(error == LMDBError(rawValue: ENOENT))
    #expect(error?.description == "No such file or directory")
  }

  @Test("a file that is not a database is refused and kept")
  func garbage() throws {
    let garbage = [UInt8](repeating: 0x55, count: 8192)
    try Files.write(garbage, to: "\(directory.path)/data.mdb")
    for _ in 0..<2 {
      let error = #expect(throws: LMDBError.self) { try open() }
      #expect(error?.description.contains("MDB_INVALID") == true)
    }
    #expect(try Files.read("\(directory.path)/data.mdb") == garbage)
  }

  @Test("only the owner can read the files")
  func modes() throws {
    let environment = try open()
    #expect(try Files.mode("\(directory.path)/data.mdb") == 0o600)
    #expect(try Files.mode("\(directory.path)/lock.mdb") == 0o600)
    withExtendedLifetime(environment) {}
  }

  @Test("a copy has the same data", arguments: [true, false])
  func copy(isCompacted: Bool) throws {
    let environment = try open()
    let table = try putOne(in: environment)
    let other = try TemporaryDirectory()
    try environment.copy(to: other.path, isCompacted: isCompacted)
    #expect(try Files.mode("\(other.path)/data.mdb") == 0o600)

    try environment.write { try table.put([2], 20, in: $0) }
    let copy = try Environment(directory: other.path, options: .sized(16 << 20))
    let copied: Numbers = try copy.write { try Table("numbers", in: $0, createIfMissing: true) }
    #expect(try copied.all(in: copy) == [[1]: 10])
  }

  @Test("a copy does not replace a file")
  func copyExists() throws {
    let environment = try open()
    #expect(throws: LMDBError(rawValue: EEXIST)) { try environment.copy(to: directory.path) }
    #expect(throws: LMDBError(rawValue: ENOENT)) {
      try environment.copy(to: "\(directory.path)/missing")
    }
    _ = try putOne(in: environment)
  }

  @Test("a full map loses nothing and stays usable")
  func fullMap() throws {
    let environment = try open(mapSize: 1 << 20)
    let table: Table<BytesKey, Zeros> = try environment.write {
      try Table("zeros", in: $0, createIfMissing: true)
    }
    var stored: UInt8 = 0
    let error = #expect(throws: LMDBError.self) {
      while stored < 100 {
        try environment.write { try table.put([stored], Zeros(64 << 10), in: $0) }
        stored += 1
      }
    }
    #expect(error == .mapFull)
    #expect(error?.isStorageUnavailable == true)
    #expect(stored > 5)

    func count() throws -> Int {
      var count = 0
      try table.scan(prefix: [], in: environment.beginRead()) { _, value in
        count += value.count == 64 << 10 ? 1 : 0
        return true
      }
      return count
    }
    #expect(try count() == Int(stored))
    try environment.write { _ = try table.remove([0], in: $0) }
    try environment.write { try table.put([200], Zeros(1), in: $0) }
    #expect(try count() == Int(stored) - 1)
  }

  @Test("a nested transaction that fills the map leaves the outer one usable")
  func nestedFull() throws {
    let environment = try open(mapSize: 1 << 20)
    let table: Table<BytesKey, Zeros> = try environment.write {
      try Table("zeros", in: $0, createIfMissing: true)
    }
    try environment.write { transaction in
      try table.put([1], Zeros(1), in: transaction)
      #expect(throws: LMDBError.mapFull) {
        try transaction.nested { try table.put([2], Zeros(2 << 20), in: $0) }
      }
      try table.put([3], Zeros(3), in: transaction)
    }
    #expect(try table.count(in: environment.beginRead()) == 2)
  }

  @Test("readers beyond the limit are refused until one ends")
  func readersFull() throws {
    var options = Environment.Options.sized(16 << 20)
    options.maximumReaders = 2
    let environment = try Environment(directory: directory.path, options: options)
    func end(_: consuming ReadTransaction) {}
    let table = try putOne(in: environment)
    let first = try environment.beginRead()
    let second = try environment.beginRead()
    // No process has died, so no slot can be freed.
    #expect(environment.checkReaders() == 0)
    #expect(throws: LMDBError.readersFull) { _ = try environment.beginRead() }
    end(first)
    #expect(try table.all(in: environment) == [[1]: 10])
    end(second)
  }

  @Test("finished readers are reused, however many they are")
  func readersReused() throws {
    var options = Environment.Options.sized(16 << 20)
    options.maximumReaders = 40
    let environment = try Environment(directory: directory.path, options: options)
    _ = try putOne(in: environment)
    /// Holds `count` read transactions at once.
    func read(_ count: Int) throws {
      if count > 0 { try environment.read { _ in try read(count - 1) } } else { throw Failure() }
    }
    // More than a shelf holds. An error gives them back too.
    for _ in 0..<5 { #expect(throws: Failure()) { try read(30) } }
    #expect(throws: LMDBError.readersFull) { try read(41) }
    #expect(throws: Failure()) { try read(40) }
  }

  @Test("a killed reader does not fill the map")
  func killedReader() throws {
    let environment = try open(mapSize: 1 << 20)
    let table = try putOne(in: environment)
    try LostReader.leave(in: directory.path)
    // Each write replaces at least one of the map's 256 pages.
    for number in 0..<1000 as Range<UInt32> {
      try environment.write { try table.put([1], Number(number), in: $0) }
    }
    #expect(try table.all(in: environment) == [[1]: 999])
  }

  @Test("a map too large for the address space is halved")
  func mapHalved() throws {
    let environment = try open(mapSize: 1 << 60)
    #expect((1 << 20..<1 << 60).contains(environment.mapSize))
    _ = try putOne(in: environment)
  }

  @Test("unknown error codes are kept")
  func unknownCode() {
    let error = LMDBError(rawValue: 12_345)
    #expect(error.rawValue == 12_345)
    #expect(error.description.contains("12345"))
    #expect(!error.isStorageUnavailable)
  }

  @Test("errors have the text of LMDB or of the system")
  func errorTexts() {
    #expect(LMDBError.mapFull.description.contains("MDB_MAP_FULL"))
    #expect(LMDBError.noSpace.description == "No space left on device; make room on the disk")
    #expect(LMDBError.remoteFileSystem.description.contains("network file system"))
  }
}

@Suite("File systems")
struct FileSystemTests {
  // Types in statfs(2). On 32-bit systems those with the highest bit are negative.
  @Test(
    "network file systems are remote",
    arguments: [
      0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, -0x00AC_B2BE, 0x5346_414F, 0x6B41_4653, 0x7375_7245,
      0x00C3_6400, 0x0BD0_0BD0,
    ])
  func remote(type: Int) { #expect(FileSystem.isRemote(type: type)) }

  @Test(
    "ext4, btrfs, xfs, tmpfs, overlayfs, FUSE, 9P and unknown file systems are local",
    arguments: [
      0xEF53, 0x9123_683E, 0x5846_5342, 0x0102_1994, 0x794C_7630, 0x6573_5546, 0x0102_1997, 0, .min, .max,
    ])
  func local(type: Int) { #expect(!FileSystem.isRemote(type: type)) }
}
