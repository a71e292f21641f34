@testable import DashboardLMDB
import Glibc
import TestSupport
import Testing

@Suite("what an environment tells of itself")
struct WriteStatisticsTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private var statistics: WriteStatistics { fixture.environment.writeStatistics }

  @Test("each commit is counted by the number of its writes")
  func batches() throws {
    let before = statistics
    try fixture.put([[1]: 1])
    try fixture.put([[2]: 2])
    #expect(statistics.batches.counts[0] == before.batches.counts[0] + 2)
    #expect(statistics.batches.sum == before.batches.sum + 2)
    #expect(statistics.waiting == 0 && statistics.failures == 0)
  }

  @Test(
    "a write that can't be stored is a failure until another one is stored, and a write's own error is none")
  func failure() throws {
    let values = try fixture.environment.write {
      try Table<BytesKey, Zeros>("zeros", in: $0, createIfMissing: true)
    }
    #expect(throws: Failure.self) { try fixture.environment.write { _ in throw Failure() } }
    #expect(statistics.lastFailure == nil && statistics.failures == 0)
    #expect(throws: LMDBError.mapFull) {
      try fixture.environment.write { try values.put([1], Zeros(32 << 20), in: $0) }
    }
    #expect(statistics.lastFailure == .mapFull)
    // Neither stores anything.
    try fixture.environment.write { _ in }
    #expect(throws: Failure.self) { try fixture.environment.write { _ in throw Failure() } }
    #expect(statistics.lastFailure == .mapFull)
    try fixture.put([[1]: 1])
    #expect(statistics.lastFailure == nil && statistics.failures == 1)
  }

  @Test("a reader has an entry, with its transaction while it reads")
  func readers() throws {
    try fixture.put([[1]: 1])
    let newest = fixture.environment.lastTransaction
    try fixture.environment.read { _ in
      let slots = fixture.environment.readerSlots
      #expect(slots.contains { $0.process == getpid() && $0.transaction == newest })
    }
    #expect(fixture.environment.readerSlots.allSatisfy { $0.transaction == nil })
    #expect(!fixture.environment.readerSlots.isEmpty)
    #expect(fixture.environment.maximumReaders == 1024)
  }

  @Test("readers that died while they read are freed and counted")
  func deadReaders() throws {
    #expect(fixture.environment.freeDeadReaders() == 0)
    for _ in 0..<2 { try LostReader.leave(in: fixture.directory.path) }
    #expect(fixture.environment.freeDeadReaders() > 0)
    #expect(fixture.environment.freeDeadReaders() == 0)
    #expect(fixture.environment.readerSlots.allSatisfy { $0.process == getpid() })
  }

  @Test("the used part of the map grows with the data, and the last change is the last write's")
  func sizes() throws {
    let before = fixture.environment.usedMapSize
    let values = try fixture.environment.write {
      try Table<BytesKey, Zeros>("zeros", in: $0, createIfMissing: true)
    }
    try fixture.environment.write { try values.put([1], Zeros(1 << 20), in: $0) }
    #expect(fixture.environment.usedMapSize >= before + (1 << 20))
    #expect(fixture.environment.usedMapSize <= fixture.environment.mapSize)
    var status = stat()
    #expect(stat(fixture.directory.path("data.mdb"), &status) == 0)
    #expect(fixture.environment.lastChange.map { $0 / 1000 } == Int64(status.st_mtim.tv_sec))
  }
}
