import DashboardLMDB
import DashboardRecords
@testable import DashboardStore
import TestSupport
import Testing

/// Attempts stay counted when other records fill their tables.
@Suite("attempt counters")
struct AttemptCounterTests {
  private let directory: TemporaryDirectory
  private let app: AppName
  private let engine: DataFileEngine
  /// Keeps 40 counters of each kind.
  private let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    app = try StoreTests.app()
    var options = Store.Options()
    options.mostCounters = 40
    engine = try DataFileEngine(
      directory: directory.path, maximumSize: 64 << 20, secrets: secrets, options: options)
    store = Store(.dataFile(engine))
  }

  /// An attempt as the rules count it.
  struct Attempt {
    let pair: AttemptKey
    let address: AttemptKey
    let username: AttemptKey
    let end: Timestamp

    func count(_ change: borrowing Change, now: Timestamp) throws -> Bool {
      let limits = [(key: pair, limit: UInt32(3)), (address, 30), (username, 30)]
      return try change.count(limits, end: end, now: now) == nil
    }

    func forgive(_ change: borrowing Change, of account: Account, now: Timestamp) throws {
      try change.forget(pair)
      try change.takeBack(address, begunBy: end, now: now)
      try change.takeBack(username, begunBy: end, now: now)
      try change.remember(address.mark, of: account, until: now.adding(seconds: 30 * 86_400))
    }
  }

  private func attempt(_ username: UInt8, from address: UInt8, at time: Timestamp = now) -> Attempt {
    func mark(_ parts: UInt8...) -> [UInt8] { parts + [UInt8](repeating: 0, count: 16 - parts.count) }
    return Attempt(
      pair: AttemptKey(.usernameAtAddress, mark(1, username, address)),
      address: AttemptKey(.address, mark(2, address)), username: AttemptKey(.username, mark(3, username)),
      end: time.adding(seconds: 100))
  }

  private func count(_ attempt: Attempt) throws -> Bool {
    try store.write(app) { try attempt.count($0, now: now) }
  }

  @Test("correct sign-ins take no room from attempts")
  func room() throws {
    let account = try store.write(app) { change in
      try change.register(.new("mallory", in: app))
    }
    for address in 0..<100 as Range<UInt8> {
      let right = attempt(200, from: address)
      try store.write(app) { change in
        _ = try right.count(change, now: now)
        try right.forgive(change, of: account, now: now)
      }
    }
    for _ in 0..<3 { #expect(try count(attempt(1, from: 250))) }
    #expect(try !count(attempt(1, from: 250)))
  }

  @Test("a count that began after an attempt does not lose that attempt")
  func laterCount() throws {
    let account = try store.write(app) { change in
      try change.register(.new("mallory", in: app))
    }
    let right = attempt(200, from: 1)
    #expect(try count(right))
    // The window ends during this attempt. 30 other attempts from its address begin the next window.
    let later = now.adding(seconds: 100)
    let others = (0..<30).map { attempt($0, from: 1, at: later) }
    let next = attempt(99, from: 1, at: later)
    let refused = try store.write(app) { change in
      for other in others { _ = try other.count(change, now: later) }
      try right.forgive(change, of: account, now: later)
      return try !next.count(change, now: later)
    }
    #expect(refused)
  }

  @Test("beyond the limit the counters that end first make room")
  func limit() throws {
    for number in 0..<100 as Range<UInt8> { #expect(try count(attempt(number, from: number))) }
    #expect(try (37...40).contains(store.attemptCount()))
  }

  @Test("a counter that makes room for another of its attempt is counted again")
  func ownRoom() throws {
    // The counters of the first attempt end first. Its pair has already made room, and its address is next.
    #expect(try count(attempt(1, from: 1, at: now.adding(seconds: -50))))
    for number in 2...13 as ClosedRange<UInt8> { #expect(try count(attempt(number, from: number))) }
    #expect(try count(attempt(2, from: 3)))
    #expect(try count(attempt(3, from: 2)))
    #expect(try store.attemptCount() == 40)
    // The pair of this attempt takes the place of its address.
    #expect(try count(attempt(99, from: 1)))
    #expect(try store.attemptCount() == 40)
    #expect(try store.problems() == [])
    let later = now.adding(seconds: 1000)
    while try store.sweep(now: later, retention: 0).isMoreToDo {}
    #expect(try store.attemptCount() == 0)
  }

  @Test("the check finds a counter without its end")
  func missingEnd() throws {
    #expect(try count(attempt(1, from: 1)))
    try engine.change { transaction, tables in
      var ends: [CounterEnd] = []
      try tables.attempts.ends.scan(prefix: [], in: transaction) { end, _ in
        ends.append(end)
        return false
      }
      for end in ends { try tables.attempts.ends.remove(end, in: transaction) }
    }
    let problems = try store.problems()
    #expect(problems.count == 2)
    #expect(problems.first?.hasPrefix("guesses-by-end: has no entry for ") == true)
    #expect(problems.last == "guesses-by-end: 2 entries for 3 records")
  }
}
