import DashboardRecords
import DashboardRouting
import DashboardStore
import DashboardSystem
import Synchronization
import TestSupport
import Testing

/// The conditions that an operator should know of.
@Suite("the watch")
struct WatchTests {
  private let fixture: Fixture
  private let watch: Watch
  private let uptime = Uptime()
  private let log = Log()
  private let isHashingFull = Flag()

  private final class Uptime: Sendable {
    let milliseconds = Atomic<Int64>(1_000_000)
  }

  private final class Flag: Sendable {
    let isSet = Atomic(false)
  }

  init() throws { try self.init(settings: [:]) }

  private init(settings: [String: String]) throws {
    let fixture = try Fixture(settings: settings)
    let (uptime, log, isFull) = (uptime, log, isHashingFull)
    self.fixture = fixture
    // The file's own time is that of the system.
    fixture.clock.set(SystemClock().now())
    watch = Watch(
      fixture.dashboard.services.store, clock: fixture.clock,
      uptime: { uptime.milliseconds.load(ordering: .sequentiallyConsistent) }, log: { log.add($0) })
    watch.watchQueues {
      let isFull = isFull.isSet.load(ordering: .sequentiallyConsistent)
      return [
        QueueState(name: "writing", length: 1, isFull: true),
        QueueState(name: "hashing", length: 2, isFull: isFull),
      ]
    }
  }

  /// Lets both clocks go on, the system's by another step, and checks.
  private func check(after seconds: Int64 = 5, wallClock: Int64? = nil) throws {
    uptime.milliseconds.wrappingAdd(seconds * 1000, ordering: .sequentiallyConsistent)
    fixture.clock.set(fixture.clock.now().adding(seconds: wallClock ?? seconds))
    try watch.check()
  }

  private var conditions: Set<Condition> { watch.current.conditions }

  /// The logged conditions since the last call.
  private func logged() -> [String] {
    defer { log.clear() }
    return log.lines.map { String($0.prefix { $0 != ":" }) }
  }

  @Test("a well server has no condition")
  func well() throws {
    try check()
    #expect(conditions.isEmpty && watch.isHealthy && logged().isEmpty)
  }

  @Test("it looks at most every five seconds")
  func interval() throws {
    try check()
    isHashingFull.isSet.store(true, ordering: .sequentiallyConsistent)
    try check(after: 4)
    #expect(conditions.isEmpty)
    try check(after: 1)
    #expect(conditions == [.hashingFull])
  }

  @Test("a condition is logged once, and again only after it was gone for a minute")
  func logging() throws {
    func set(_ isFull: Bool) { isHashingFull.isSet.store(isFull, ordering: .sequentiallyConsistent) }
    set(true)
    try check()
    #expect(logged() == ["hashing-full"] && !watch.isHealthy)
    for _ in 0..<20 { try check() }
    set(false)
    try check()
    #expect(conditions.isEmpty && watch.isHealthy)
    set(true)
    try check(after: 55)
    #expect(logged().isEmpty && conditions == [.hashingFull])
    set(false)
    try check(after: 61)
    set(true)
    try check()
    #expect(logged() == ["hashing-full"])
  }

  @Test("a commit that fails is a condition until one succeeds, without help of a client")
  func commits() throws {
    let watching = try WatchTests(settings: ["MAP_SIZE": "1M"])
    try MapFiller.fill(watching.fixture.dashboard)
    try watching.check()
    #expect(!watching.watch.isHealthy)
    #expect(watching.conditions.isSuperset(of: [.commitFailed]))
    #expect(watching.logged().contains("commit-failed"))
    #expect(watching.watch.current.state.failedCommits > 0)
    // A commit that needs little room succeeds.
    try watching.check()
    #expect(!watching.conditions.contains(.commitFailed))
  }

  @Test(
    "a clock that jumps is a condition for an hour, and each jump is logged",
    arguments: [3600, -3600, 61, -61])
  func jumps(seconds: Int64) throws {
    try check()
    try check(after: 5, wallClock: 5 + seconds)
    #expect(conditions == [.clockJumped] && watch.isHealthy)
    let line = try #require(log.lines.first)
    #expect(line.contains("\(seconds.magnitude) seconds \(seconds > 0 ? "forward" : "back")"))
    #expect(logged() == ["clock-jumped"])
    try check(after: 600)
    #expect(conditions == [.clockJumped] && logged().isEmpty)
    try check(after: 5, wallClock: 5 - seconds)
    #expect(logged() == ["clock-jumped"])
    try check(after: 3500)
    #expect(conditions == [.clockJumped])
    try check(after: 101)
    #expect(conditions.isEmpty && logged().isEmpty)
  }

  @Test("a clock that runs a little differently does not jump")
  func drift() throws {
    for _ in 0..<10 { try check(after: 60, wallClock: 100) }
    for _ in 0..<10 { try check(after: 60, wallClock: 20) }
    #expect(conditions.isEmpty && logged().isEmpty)
  }

  @Test("readers that died while they read are cleared, counted, and a condition for an hour")
  func deadReaders() throws {
    try check()
    try LostReader.leave(in: fixture.directory.path("data"))
    try check()
    #expect(conditions == [.staleReaders] && logged() == ["stale-readers"])
    #expect(watch.current.deadReaders == 1)
    try check(after: 3601)
    #expect(conditions.isEmpty)
  }

  @Test("a reader that keeps the same old data for ten minutes is a condition")
  func longRead() throws {
    let store = fixture.dashboard.services.store
    try store.read(fixture.dashboard.configuration.appName) { _ in
      try store.tryCommit()
      try check()
      for _ in 0..<59 { try check(after: 10) }
      #expect(conditions.isEmpty)
      try check(after: 10)
      #expect(conditions == [.staleReaders] && logged() == ["stale-readers"])
    }
    try check()
    #expect(conditions.isEmpty)
  }

  @Test("a maintenance thread that hangs is a condition, which no check has to find")
  func stalled() throws {
    try check()
    uptime.milliseconds.wrappingAdd(60_000, ordering: .sequentiallyConsistent)
    #expect(watch.isHealthy)
    uptime.milliseconds.wrappingAdd(1, ordering: .sequentiallyConsistent)
    #expect(!watch.isHealthy && conditions == [.maintenanceStalled])
    try check(after: 5, wallClock: 65)
    #expect(watch.isHealthy)
  }

  // MARK: The state alone

  private static func state(_ change: (inout Store.State) -> Void) -> Store.State {
    var state = Store.State(directory: "/data")
    (state.mapSize, state.usedSize) = (64 << 30, 1 << 20)
    state.disk = FileSystemSpace(free: 50 << 30, size: 100 << 30)
    change(&state)
    return state
  }

  private static let now = Timestamp(milliseconds: 1_700_000_000_000)

  /// States, and the condition that each is.
  private static let states: [(state: Store.State, condition: Condition?)] = [
    (state { _ in }, nil), (state { $0.disk = nil }, nil),
    (state { $0.disk = FileSystemSpace(free: 1 << 30, size: 100 << 30) }, nil),
    (state { $0.disk = FileSystemSpace(free: (1 << 30) - 1, size: 100 << 30) }, .diskNearlyFull),
    (state { $0.disk = FileSystemSpace(free: 500 << 20, size: 4 << 30) }, nil),
    (state { $0.disk = FileSystemSpace(free: 400 << 20, size: 4 << 30) }, .diskNearlyFull),
    (state { $0.disk = FileSystemSpace(free: 16 << 20, size: 100 << 30) }, .diskNearlyFull),
    (state { $0.disk = FileSystemSpace(free: (16 << 20) - 1, size: 100 << 30) }, .diskFull),
    (state { $0.disk = FileSystemSpace(free: 0, size: 1 << 20) }, .diskFull),
    (state { $0.usedSize = 57 << 30 }, nil), (state { $0.usedSize = 58 << 30 }, .mapNearlyFull),
    (state { ($0.usedSize, $0.isMapFull) = (64 << 30, true) }, .mapFull),
    (state { $0.isDisplaced = true }, .dataMissing),
    (state { $0.commitFailure = "no space" }, .commitFailed),
    (state { ($0.commitFailure, $0.isDisplaced) = ("removed", true) }, .dataMissing),
    (state { $0.deadReaders = 2 }, .staleReaders),
    (state { $0.lastChange = now.adding(seconds: 300) }, nil),
    (state { $0.lastChange = now.adding(seconds: 301) }, .clockJumped),
  ]

  @Test("each condition follows from the state, and says what to do", arguments: states.indices)
  func findings(index: Int) {
    let (state, condition) = Self.states[index]
    let findings = state.findings(at: Self.now)
    #expect(findings.map(\.condition) == (condition.map { [$0] } ?? []))
    for finding in findings {
      #expect(finding.description.hasPrefix("\(finding.condition.rawValue): "))
      #expect(finding.text.contains(". ") && !finding.text.contains("\n"))
    }
  }
}
