@testable import DashboardLMDB
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite("Writes that share a commit")
struct WriteQueueTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  /// Writes 1…`count`, in a thread each. The first thread waits for a transaction that the test holds. The others queue behind
  /// it, so they share its batch.
  ///
  /// - Parameter afterwards: runs on each thread after its write.
  private func together(
    _ count: Int = 9, _ body: @escaping @Sendable (UInt8, borrowing WriteTransaction) throws -> Void,
    afterwards: @escaping @Sendable (UInt8) throws -> Void = { _ in }
  ) throws -> [Result<Void, any Error>] {
    let environment = fixture.environment
    let isHeld = Atomic(false)
    return try Threads.run(count + 1) { number in
      guard number > 0 else {
        let transaction = try environment.beginWrite()
        isHeld.store(true, ordering: .releasing)
        #expect(eventually { environment.queue.count == count - 1 })
        try transaction.commit()
        return .success(())
      }
      #expect(eventually { isHeld.load(ordering: .acquiring) })
      let number = UInt8(truncatingIfNeeded: number)
      return Result {
        try environment.write { try body(number, $0) }
        try afterwards(number)
      }
    }.suffix(count)
  }

  @Test("waiting writes share a commit")
  func oneCommit() throws {
    let (environment, table) = (fixture.environment, fixture.table)
    let seen = Mutex<[Int]>([])
    let results = try together { number, transaction in
      try table.put([number], 0, in: transaction)
      let durable = try table.all(in: environment).count
      seen.withLock { $0.append(durable) }
    }
    #expect(results.allSatisfy { (try? $0.get()) != nil })
    // No piece saw the write of another as committed. The first piece's transaction began before the others came.
    #expect(seen.withLock { $0 } == Array(repeating: 0, count: 9))
    #expect(try fixture.all().count == 9)
  }

  @Test("an error undoes its own write only")
  func error() throws {
    let table = fixture.table
    let results = try together { number, transaction in
      try table.put([number], 0, in: transaction)
      if number % 2 == 0 { throw Failure() }
    }
    #expect(results.map { (try? $0.get()) != nil } == (1...9).map { $0 % 2 == 1 })
    #expect(try Set(fixture.all().keys) == [[1], [3], [5], [7], [9]])
  }

  @Test("an error undoes a replaced value")
  func replaceError() throws {
    let table = fixture.table
    let results = try together { number, transaction in
      try table.replace([number], default: 0, in: transaction) { _ in 0 }
      if number % 2 == 0 { throw Failure() }
    }
    #expect(results.map { (try? $0.get()) != nil } == (1...9).map { $0 % 2 == 1 })
    #expect(try Set(fixture.all().keys) == [[1], [3], [5], [7], [9]])
  }

  @Test("an error undoes nested transactions")
  func nestedError() throws {
    let table = fixture.table
    let results = try together { number, transaction in
      try transaction.nested { try table.put([number], 0, in: $0) }
      if number % 2 == 0 { throw Failure() }
    }
    #expect(results.map { (try? $0.get()) != nil } == (1...9).map { $0 % 2 == 1 })
    #expect(try Set(fixture.all().keys) == [[1], [3], [5], [7], [9]])
  }

  @Test("an error before the first write repeats no piece")
  func earlyError() throws {
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

  @Test("a single write that fails runs once")
  func aloneError() throws {
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

  @Test("only the write that is too large fails")
  func tooLarge() throws {
    let zeros: Table<BytesKey, Zeros> = try fixture.environment.write {
      try Table("zeros", in: $0, createIfMissing: true)
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

  @Test("a write inside a write is an error, not an endless wait")
  func writeInWrite() throws {
    let (environment, table) = (fixture.environment, fixture.table)
    #expect(throws: LMDBError(rawValue: EDEADLK)) {
      try environment.write { _ in try environment.write { try table.put([1], 1, in: $0) } }
    }
    try fixture.put([[2]: 2])
    #expect(try fixture.all() == [[2]: 2])
  }

  @Test("a thread that returns can read its write", arguments: [1, 2, 3, 4, 5, 6, 9, 63, 64, 65, 66, 67])
  func readAfterWrite(count: Int) throws {
    let (environment, table) = (fixture.environment, fixture.table)
    let results = try together(count) { number, transaction in
      try table.put([number], Number(UInt32(number)), in: transaction)
    } afterwards: { number in
      let found = try environment.read { try table.get([number], in: $0) }
      #expect(found?.value == UInt32(number))
    }
    #expect(results.count == count && results.allSatisfy { (try? $0.get()) != nil })
  }

  /// The next batch is written by another thread.
  @Test("a batch has at most 64 writes, and another thread writes the next")
  func batches() throws {
    let (environment, table) = (fixture.environment, fixture.table)
    let runs = Mutex<[(durable: Int, thread: pthread_t)]>([])
    let results = try together(300) { _, transaction in
      let durable = try table.all(in: environment).count
      let number = runs.withLock { runs in
        runs.append((durable, pthread_self()))
        return runs.count
      }
      try table.put([UInt8(number / 256), UInt8(number % 256)], 0, in: transaction)
    }
    #expect(results.allSatisfy { (try? $0.get()) != nil })
    let (durable, threads) = runs.withLock { ($0.map(\.durable), $0.map(\.thread)) }
    #expect(durable == (0..<300).map { $0 / 64 * 64 })
    let writers = stride(from: 0, to: 300, by: 64).map { Set(threads[$0..<min($0 + 64, 300)]) }
    #expect(writers.allSatisfy { $0.count == 1 } && Set(writers).count == 5)
  }

  @Test("finished writes are released")
  func noLeak() throws {
    final class Mark: Error {
      let end: @Sendable () -> Void
      init(end: @escaping @Sendable () -> Void) { self.end = end }
      deinit { end() }
    }
    let gone = Atomic(0)
    _ = try together { _, _ in throw Mark { gone.add(1, ordering: .relaxed) } }
    #expect(gone.load(ordering: .relaxed) == 9)
  }

  @Test("many threads lose no write")
  func manyThreads() throws {
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
