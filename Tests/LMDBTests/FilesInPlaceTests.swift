import DashboardLMDB
import Glibc
import Synchronization
import TestSupport
import Testing

/// The files of an open environment are removed, replaced or overwritten.
@Suite("Files in their places")
struct FilesInPlaceTests {
  private let parent: TemporaryDirectory
  private let directory: String
  private let environment: Environment
  private let table: Numbers
  private let news = News()

  /// What the environment told.
  private final class News: Sendable {
    private let paths = Mutex<[String?]>([])
    var all: [String?] { paths.withLock { $0 } }
    func add(_ path: String?) { paths.withLock { $0.append(path) } }
  }

  init() throws {
    parent = try TemporaryDirectory()
    directory = parent.path("data")
    try Files.makeDirectory(directory)
    var options = Environment.Options.sized(16 << 20)
    let news = news
    options.whenDisplaced = { news.add($0) }
    environment = try Environment(directory: directory, options: options)
    table = try environment.write { try Table("numbers", in: $0, createIfMissing: true) }
    try put(1)
  }

  private func put(_ number: UInt32) throws {
    try environment.write { try table.put([1], Number(number), in: $0) }
  }

  private func number() throws -> UInt32? {
    try environment.read { try table.get([1], in: $0)?.value }
  }

  private func move(_ from: String, _ to: String) throws {
    guard rename(from, to) == 0 else { throw TestFailure(system: "rename \(from)") }
  }

  /// Makes an environment with another number beside the first one.
  private func other(_ number: UInt32) throws -> String {
    let path = parent.path("other")
    try Files.makeDirectory(path)
    let environment = try Environment(directory: path, options: .sized(16 << 20))
    try environment.write { transaction in
      let table: Numbers = try Table("numbers", in: transaction, createIfMissing: true)
      try table.put([1], Number(number), in: transaction)
    }
    return path
  }

  @Test(
    "a write finds a removed or replaced file at once, and goes on once it is back",
    arguments: [
      "data.mdb", "lock.mdb", "",
    ], [true, false])
  func displaced(name: String, isReplaced: Bool) throws {
    let (path, away) = ("\(directory)/\(name)", parent.path("away"))
    let other = try other(7)
    try environment.checkFiles()
    try move(path, away)
    if isReplaced { try move("\(other)/\(name)", path) }
    #expect(throws: LMDBError.displaced) { try put(2) }
    #expect(throws: LMDBError.displaced) { try number() }
    #expect(throws: LMDBError.displaced) { try environment.checkFiles() }
    let first = name.isEmpty ? "\(directory)/data.mdb" : path
    #expect(environment.displacedPath == first)
    #expect(news.all == [first])

    if isReplaced { try move(path, "\(other)/\(name)") }
    #expect(throws: LMDBError.displaced) { try number() }
    try move(away, path)
    try environment.checkFiles()
    #expect(environment.displacedPath == nil)
    #expect(try number() == 1)
    try put(3)
    #expect(try number() == 3)
    #expect(news.all == [first, nil])
  }

  @Test("the check finds it for reads")
  func check() throws {
    try move(directory, parent.path("away"))
    #expect(try number() == 1)
    for _ in 0..<3 { #expect(throws: LMDBError.displaced) { try environment.checkFiles() } }
    #expect(throws: LMDBError.displaced) { try number() }
    #expect(throws: LMDBError.displaced) { _ = try environment.beginRead() }
    try move(parent.path("away"), directory)
    // A write need not wait for the check.
    try put(2)
    #expect(try number() == 2)
    #expect(news.all == ["\(directory)/data.mdb", nil])
  }

  @Test("a change is not committed if the file goes while it is made")
  func meanwhile() throws {
    #expect(throws: LMDBError.displaced) {
      try environment.write { transaction in
        try table.put([1], Number(2), in: transaction)
        if access(directory, F_OK) == 0 { try move(directory, parent.path("away")) }
      }
    }
    try move(parent.path("away"), directory)
    try environment.checkFiles()
    #expect(try number() == 1)
  }

  @Test("a removed directory is not made again")
  func removed() throws {
    Files.removeAll(directory)
    #expect(throws: LMDBError.displaced) { try put(2) }
    #expect(throws: LMDBError.displaced) { try environment.checkFiles() }
    #expect(access(directory, F_OK) != 0)
  }

  @Test("a path that can't be followed says nothing")
  func unreachable() throws {
    let (link, target) = (parent.path("link"), parent.path("target"))
    try Files.makeDirectory(target)
    try #require(symlink(target, link) == 0)
    let environment = try Environment(directory: link, options: .sized(16 << 20))
    try #require(unlink(link) == 0)
    // Root may follow any path. A name that is too long stands for a directory without permission.
    try #require(symlink(String(repeating: "x", count: 300), link) == 0)
    try environment.checkFiles()
    try #require(unlink(link) == 0)
    #expect(throws: LMDBError.displaced) { try environment.checkFiles() }
  }

  @Test("a process that wrote with another lock file is noticed")
  func otherLock() throws {
    let (lock, away) = ("\(directory)/lock.mdb", parent.path("away"))
    try move(lock, away)
    try LargerMap.add("other", bytes: 10, mapSize: 16 << 20, in: directory)
    #expect(throws: LMDBError.displaced) { try environment.checkFiles() }
    try #require(unlink(lock) == 0)
    try move(away, lock)
    for _ in 0..<2 {
      #expect(throws: LMDBError.overwritten) { try environment.checkFiles() }
      #expect(throws: LMDBError.overwritten) { try put(2) }
    }
  }

  @Test("a file that was overwritten in its place is noticed", arguments: [true, false])
  func overwritten(byWriter: Bool) throws {
    for number in 2..<50 as Range<UInt32> { try put(number) }
    let bytes = try Files.read("\(try other(7))/data.mdb")
    let descriptor = open("\(directory)/data.mdb", O_WRONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    #expect(pwrite(descriptor, bytes, bytes.count, 0) == bytes.count)
    close(descriptor)
    #expect(throws: LMDBError.overwritten) {
      if byWriter { try put(100) } else { try environment.checkFiles() }
    }
    #expect(LMDBError.overwritten.needsRestart)
    #expect(try Files.read("\(directory)/data.mdb").prefix(bytes.count).elementsEqual(bytes))
  }
}
