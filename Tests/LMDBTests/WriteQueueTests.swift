import Glibc
import Synchronization
import TestSupport
import Testing

@testable import LMDB

/// Writes of several threads, made durable together.
struct WriteQueueTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  /// Writes 1…9 in a thread each. The first to come waits for a transaction that is held; the eight others queue behind
  /// it, and so are written with it.
  private func together(_ body: @escaping @Sendable (UInt8, borrowing WriteTransaction) throws -> Void) throws
    -> [Result<Void, any Error>]
  {
    let environment = fixture.environment
    let isHeld = Atomic(false)
    return try Threads.run(10) { number in
      guard number > 0 else {
        let transaction = try environment.beginWrite()
        isHeld.store(true, ordering: .releasing)
        #expect(eventually { environment.queue.count == 8 })
        try transaction.commit()
        return .success(())
      }
      #expect(eventually { isHeld.load(ordering: .acquiring) })
      return Result { try environment.write { try body(UInt8(number), $0) } }
    }.suffix(9)
  }

  @Test func whatWaitsIsCommittedAtOnce() throws {
    let (environment, table) = (fixture.environment, fixture.table)
    let seen = Mutex<[Int]>([])
    let results = try together { number, transaction in
      try table.put([number], 0, in: transaction)
      let durable = try table.all(in: environment).count
      seen.withLock { $0.append(durable) }
    }
    #expect(results.allSatisfy { (try? $0.get()) != nil })
    // Nobody saw another's in the data, the eight not the first one's either, which was begun before they came.
    #expect(seen.withLock { $0 } == Array(repeating: 0, count: 9))
    #expect(try fixture.all().count == 9)
  }

  @Test func anErrorUndoesItsOwnWriteOnly() throws {
    let table = fixture.table
    let results = try together { number, transaction in
      try table.put([number], 0, in: transaction)
      if number % 2 == 0 { throw Failure() }
    }
    #expect(results.map { (try? $0.get()) != nil } == (1...9).map { $0 % 2 == 1 })
    #expect(try Set(fixture.all().keys) == [[1], [3], [5], [7], [9]])
  }

  @Test func anErrorUndoesWhatWasReplaced() throws {
    let table = fixture.table
    let results = try together { number, transaction in
      try table.replace([number], default: 0, in: transaction) { _ in 0 }
      if number % 2 == 0 { throw Failure() }
    }
    #expect(results.map { (try? $0.get()) != nil } == (1...9).map { $0 % 2 == 1 })
    #expect(try Set(fixture.all().keys) == [[1], [3], [5], [7], [9]])
  }

  @Test func anErrorUndoesWhatWasNestedInIt() throws {
    let table = fixture.table
    let results = try together { number, transaction in
      try transaction.nested { try table.put([number], 0, in: $0) }
      if number % 2 == 0 { throw Failure() }
    }
    #expect(results.map { (try? $0.get()) != nil } == (1...9).map { $0 % 2 == 1 })
    #expect(try Set(fixture.all().keys) == [[1], [3], [5], [7], [9]])
  }

  @Test func anErrorBeforeAnythingWasWrittenCostsNothing() throws {
    let table = fixture.table
    let runs = Mutex<[UInt8]>([])
    let results = try together { number, transaction in
      runs.withLock { $0.append(number) }
      if number % 2 == 0 { throw Failure() }
      try table.put([number], 0, in: transaction)
    }
    #expect(results.count { (try? $0.get()) != nil } == 5)
    #expect(runs.withLock { $0.sorted() } == Array(1...9))
  }

  @Test func anErrorOfWhoIsAloneIsRunOnce() throws {
    let (environment, table) = (fixture.environment, fixture.table)
    var runs = 0
    #expect(throws: Failure.self) {
      try environment.write { transaction in
        runs += 1
        try table.put([1], 0, in: transaction)
        throw Failure()
      }
    }
    #expect(runs == 1)
    #expect(try fixture.all().isEmpty)
  }

  @Test func whereTheBatchIsTooLargeWhatIsTooLargeFailsAlone() throws {
    let zeros: Table<BytesKey, Zeros> = try fixture.environment.write {
      try Table("zeros", in: $0, makesIt: true)
    }
    let results = try together { number, transaction in
      // The map has 16 MiB.
      try zeros.put([number], Zeros(number == 5 ? 20 << 20 : 1 << 20), in: transaction)
    }
    for (number, result) in zip(1..., results) {
      #expect((try? result.get()) != nil || number == 5)
      if case .failure(let error) = result { #expect((error as? LMDBError)?.isStorageUnavailable == true) }
    }
    let stored = try fixture.environment.write { transaction in
      try (1...9).filter { try zeros.get([UInt8($0)], in: transaction) != nil }
    }
    #expect(stored == [1, 2, 3, 4, 6, 7, 8, 9])
  }

  @Test func aWriteInsideOfAWriteIsAnErrorAndNotAWaitForEver() throws {
    let (environment, table) = (fixture.environment, fixture.table)
    #expect(throws: LMDBError(rawValue: EDEADLK)) {
      try environment.write { _ in try environment.write { try table.put([1], 1, in: $0) } }
    }
    try fixture.put([[2]: 2])
    #expect(try fixture.all() == [[2]: 2])
  }

  @Test func manyThreadsLoseNothing() throws {
    let (environment, table) = (fixture.environment, fixture.table)
    let failures = try Threads.run(100) { thread in
      try (0..<5).count { round in
        do {
          try environment.write { transaction in
            let value = try table.get([1], in: transaction)?.value ?? 0
            try table.put([1], Number(value + 1), in: transaction)
            if round == thread % 5 { throw Failure() }
          }
          return false
        } catch is Failure {
          return true
        }
      }
    }
    #expect(failures.allSatisfy { $0 == 1 })
    #expect(try fixture.all() == [[1]: 400])
  }
}
