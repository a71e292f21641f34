import DashboardLMDB
import Glibc
import TestSupport
import Testing

@Suite("the length of the data file")
struct LengthTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.path("data.mdb") }

  init() throws { directory = try TemporaryDirectory() }

  private func open(_ directory: TemporaryDirectory? = nil) throws(LMDBError) -> Environment {
    try Environment(directory: (directory ?? self.directory).path, options: .sized(16 << 20))
  }

  private func length(_ path: String) throws -> Int {
    var status = stat()
    try #require(stat(path, &status) == 0)
    return Int(status.st_size)
  }

  private let pageSize = 4096

  /// Stores small values in a tree of several levels, and values of several pages.
  private func fill(_ environment: Environment) throws {
    try environment.write { transaction in
      let small: Numbers = try Table("numbers", in: transaction, createIfMissing: true)
      for number in 0..<2000 as Range<UInt32> {
        try small.put([UInt8(number >> 8), UInt8(number & 255)], Number(number), in: transaction)
      }
      let large: Table<BytesKey, Zeros> = try Table("zeros", in: transaction, createIfMissing: true)
      for number in 0..<4 as Range<UInt8> { try large.put([number], Zeros(10_000), in: transaction) }
    }
  }

  /// Allocates pages at the end of the file and frees them in the same transaction.
  private func leaveTail(_ environment: Environment) throws {
    // Then the list of free pages has room for itself, and does not take the last page.
    for number in 0..<8 as Range<UInt32> {
      try environment.write { transaction in
        let small: Numbers = try Table("numbers", in: transaction, createIfMissing: true)
        try small.put([1], Number(number), in: transaction)
      }
    }
    try environment.write { transaction in
      let large: Table<BytesKey, Zeros> = try Table("zeros", in: transaction, createIfMissing: true)
      try large.put([99], Zeros(200_000), in: transaction)
      try large.put([98], Zeros(1), in: transaction)
      _ = try large.remove([99], in: transaction)
    }
  }

  private func values(_ environment: Environment) throws -> [Int] {
    let (small, large) = try environment.write { transaction -> (Numbers, Table<BytesKey, Zeros>) in
      (
        try Table("numbers", in: transaction, createIfMissing: false),
        try Table("zeros", in: transaction, createIfMissing: false)
      )
    }
    var sizes: [Int] = []
    try large.scan(prefix: [], in: environment.beginRead()) { _, value in
      sizes.append(value.count)
      return true
    }
    return [try small.all(in: environment).count] + sizes
  }

  @Test("after each commit the file reaches to its last page, also if LMDB left that unwritten")
  func extended() throws {
    let environment = try open()
    try fill(environment)
    let before = try length(path)
    try leaveTail(environment)
    // The freed value has 49 pages.
    #expect(try length(path) >= before + 40 * pageSize)
  }

  @Test("a file that lacks only free pages opens, is extended and is used")
  func freeTail() throws {
    var (used, full) = (0, 0)
    do {
      let environment = try open()
      try fill(environment)
      used = try length(path)
      try leaveTail(environment)
      full = try length(path)
    }
    let bytes = try Files.read(path)
    // The pages that the last commit has written.
    let zeros = [UInt8](repeating: 0, count: pageSize)
    var needed = full / pageSize
    while needed > 0, Array(bytes[(needed - 1) * pageSize..<needed * pageSize]) == zeros { needed -= 1 }
    try #require(needed < full / pageSize)
    #expect(needed * pageSize >= used)
    try #require(truncate(path, needed * pageSize) == 0)
    do {
      let environment = try open()
      #expect(try length(path) == full)
      #expect(try values(environment) == [2001, 10_000, 10_000, 10_000, 10_000, 1])
      try fill(environment)
    }
    #expect(try values(try open()) == [2001, 10_000, 10_000, 10_000, 10_000, 1])
  }

  @Test("a file cut short anywhere is refused, stays as it is, and the error says what to do")
  func cut() throws {
    do { try fill(try open()) }
    let bytes = try Files.read(path)
    let pages = bytes.count / pageSize
    for length in (1..<pages).flatMap({ [$0 * pageSize, $0 * pageSize + 1000] }) + [bytes.count - 1, 1] {
      let copy = try TemporaryDirectory()
      try Files.write(bytes[..<length], to: copy.path("data.mdb"))
      do {
        // A page of the oldest data can be free by now. All values are then there.
        #expect(try values(try open(copy)) == [2000, 10_000, 10_000, 10_000, 10_000])
        #expect(length > bytes.count - 8 * pageSize, "\(length) of \(bytes.count)")
      } catch let error as LMDBError {
        #expect(error == .cutShort || error == .invalid, "\(length) of \(bytes.count): \(error)")
        #expect(error.description.contains("restore it from a backup"))
        #expect(!error.isStorageUnavailable && !error.needsRestart)
        #expect(try Files.read(copy.path("data.mdb")).count == length)
      }
    }
  }

  @Test("a short file of any bytes is refused or opened, and ends neither the process nor the check")
  func damaged() throws {
    do { try fill(try open()) }
    let bytes = try Files.read(path)
    var random = SeededRandom(seed: 7)
    for _ in 0..<300 {
      let copy = try TemporaryDirectory()
      var damaged = Array(bytes[..<(bytes.count - pageSize)])
      for _ in 0..<40 {
        // Not the first two pages, which LMDB reads itself.
        let place = Int.random(in: 2 * pageSize..<damaged.count, using: &random)
        damaged[place] = UInt8.random(in: .min ... .max, using: &random)
      }
      try Files.write(damaged, to: copy.path("data.mdb"))
      do throws(LMDBError) { _ = try open(copy) } catch { #expect(error == .cutShort) }
    }
  }
}
