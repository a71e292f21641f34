import DashboardLMDB
import TestSupport
import Testing

@Suite("Transactions")
struct TransactionTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture() }

  @Test("an uncommitted transaction changes nothing")
  func uncommitted() throws {
    try fixture.put([[1]: 10])
    do {
      let transaction = try fixture.environment.beginWrite()
      try fixture.table.put([1], 11, in: transaction)
      try fixture.table.put([2], 20, in: transaction)
    }
    #expect(try fixture.all() == [[1]: 10])
  }

  @Test("a committed transaction stays")
  func committed() throws {
    let transaction = try fixture.environment.beginWrite()
    try fixture.table.put([1], 10, in: transaction)
    try transaction.commit()
    #expect(try fixture.all() == [[1]: 10])
  }

  @Test("an error undoes a write")
  func error() throws {
    try fixture.put([[1]: 10])
    #expect(throws: Failure()) {
      try fixture.environment.write { transaction in
        try fixture.table.put([2], 20, in: transaction)
        try fixture.table.remove([1], in: transaction)
        throw Failure()
      }
    }
    #expect(try fixture.all() == [[1]: 10])
    try fixture.put([[3]: 30])
    #expect(try fixture.all() == [[1]: 10, [3]: 30])
  }

  @Test("an error in a nested transaction undoes that one only")
  func nestedError() throws {
    try fixture.environment.write { transaction in
      try fixture.table.put([1], 10, in: transaction)
      #expect(throws: Failure()) {
        try transaction.nested { nested in
          try fixture.table.put([1], 11, in: nested)
          try fixture.table.put([2], 20, in: nested)
          throw Failure()
        }
      }
      try transaction.nested { try fixture.table.put([3], 30, in: $0) }
      try fixture.table.put([4], 40, in: transaction)
    }
    #expect(try fixture.all() == [[1]: 10, [3]: 30, [4]: 40])
  }

  @Test("an error in the outer transaction undoes the nested one too")
  func outerError() throws {
    #expect(throws: Failure()) {
      try fixture.environment.write { transaction in
        try transaction.nested { try fixture.table.put([1], 10, in: $0) }
        throw Failure()
      }
    }
    #expect(try fixture.all() == [:])
  }

  @Test("a reader keeps its view while writers commit")
  func readerView() throws {
    try fixture.put([[1]: 10])
    let before = try fixture.environment.beginRead()
    try fixture.put([[1]: 11, [2]: 20])
    let after = try fixture.environment.beginRead()
    #expect(try fixture.table.get([1], in: before) == 10)
    #expect(try fixture.table.get([2], in: before) == nil)
    #expect(try fixture.table.count(in: before) == 1)
    #expect(try fixture.table.get([1], in: after) == 11)
    #expect(try fixture.table.count(in: after) == 2)
  }

  @Test("a reader sees no uncommitted change")
  func readerUncommitted() throws {
    try fixture.environment.write { transaction in
      try fixture.table.put([1], 10, in: transaction)
      #expect(try fixture.all() == [:])
    }
  }

  @Test("a reused read transaction sees the latest data")
  func reused() throws {
    for value in 1...3 as ClosedRange<UInt32> {
      try fixture.put([[1]: Number(value)])
      #expect(try fixture.all() == [[1]: Number(value)])
    }
  }

  @Test("concurrent writers lose no change")
  func writers() throws {
    let (environment, table) = (fixture.environment, fixture.table)
    let failures = try Threads.run(8) { _ in
      (0..<20).count { _ in
        let written: Void? = try? environment.write { transaction in
          let value = try table.get([1], in: transaction)?.value ?? 0
          try table.put([1], Number(value + 1), in: transaction)
        }
        return written == nil
      }
    }
    #expect(failures.allSatisfy { $0 == 0 })
    #expect(try fixture.all() == [[1]: 160])
  }
}
