import DashboardRecords
@testable import DashboardStore
import TestSupport
import Testing

/// Guesses stay counted whatever else fills the data.
@Suite struct TallyTests {
  private let directory: TemporaryDirectory
  private let app: AppName
  /// Keeps 40 tallies of a kind.
  private let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    app = try StoreTests.app()
    store = try Store(directory: directory.path, mapSize: 64 << 20, keys: keys, mostTallies: 40)
  }

  private func guess(_ username: UInt8, from address: UInt8, at time: Timestamp = now) -> Attempt {
    func mark(_ parts: UInt8...) -> [UInt8] { parts + [UInt8](repeating: 0, count: 16 - parts.count) }
    return Attempt(
      pair: mark(1, username, address), addresses: [mark(2, address)], username: mark(3, username),
      end: time.adding(seconds: 100))
  }

  private func count(_ guess: Attempt, of account: Account?) throws -> Bool {
    try store.write(app) { change in
      try change.count(guess, of: account, maximum: 3, now: now)
    } == nil
  }

  /// Two that share one would overwrite each other, or push each other out.
  @Test func everyTableHasANameOfItsOwn() {
    func names(in value: Any) -> [String] {
      Mirror(reflecting: value).children.flatMap { label, child in
        label == "name" ? ["\(child)"] : names(in: child)
      }
    }
    let names = names(in: store.tables)
    #expect(names.count == 28)
    #expect(Set(names).count == names.count)
  }

  @Test func rightSignInsLeaveNoLessRoomForGuesses() throws {
    let account = try store.write(app) { change in
      try change.register(.new("mallory", in: app))
    }
    for address in 0..<100 as Range<UInt8> {
      let right = guess(200, from: address)
      try store.write(app) { change in
        _ = try change.count(right, of: account, maximum: 3, now: now)
        try change.forgive(right, of: account, now: now)
      }
    }
    for _ in 0..<3 { #expect(try count(guess(1, from: 250), of: nil)) }
    #expect(try !count(guess(1, from: 250), of: nil))
  }

  @Test func whatBeganSinceAGuessIsNotLessByIt() throws {
    let account = try store.write(app) { change in
      try change.register(.new("mallory", in: app))
    }
    let right = guess(200, from: 1)
    #expect(try count(right, of: account))
    // While it is looked at, the window ends, and 30 others from the same address begin the next one.
    let later = now.adding(seconds: 100)
    let others = (0..<30).map { guess($0, from: 1, at: later) }
    let next = guess(99, from: 1, at: later)
    let refused = try store.write(app) { change in
      for other in others { _ = try change.count(other, of: nil, maximum: 3, now: later) }
      try change.forgive(right, of: account, now: later)
      return try change.count(next, of: nil, maximum: 3, now: later)
    }
    #expect(refused != nil)
  }

  @Test func beyondTheMostThoseThatEndFirstMakeRoom() throws {
    for number in 0..<100 as Range<UInt8> { #expect(try count(guess(number, from: number), of: nil)) }
    #expect(try (37...40).contains(store.tallyCount()))
  }

  @Test func oneThatMakesRoomForAnotherOfItsGuessIsCountedAgain() throws {
    // Of 40, those of the first guess end first; its pair has made room already, and its address is next.
    #expect(try count(guess(1, from: 1, at: now.adding(seconds: -50)), of: nil))
    for number in 2...13 as ClosedRange<UInt8> { #expect(try count(guess(number, from: number), of: nil)) }
    #expect(try count(guess(2, from: 3), of: nil))
    #expect(try count(guess(3, from: 2), of: nil))
    #expect(try store.tallyCount() == 40)
    // This one's pair takes the place of its address.
    #expect(try count(guess(99, from: 1), of: nil))
    #expect(try store.tallyCount() == 40)
    #expect(try store.problems() == [])
    let later = now.adding(seconds: 1000)
    while try store.sweep(now: later, retention: 0).isMoreToDo {}
    #expect(try store.tallyCount() == 0)
  }

  @Test func aTallyWithoutItsEndIsFoundAsAProblem() throws {
    #expect(try count(guess(1, from: 1), of: nil))
    try store.change { transaction, tables in
      var ends: [TallyEnd] = []
      try tables.guesses.ends.scan(prefix: [], in: transaction) { end, _ in
        ends.append(end)
        return false
      }
      for end in ends { try tables.guesses.ends.remove(end, in: transaction) }
    }
    #expect(try store.problems() == ["guesses-by-end: of no tally, or too few"])
  }
}
