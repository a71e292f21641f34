import DashboardRecords
import DashboardStore

/// What a watch remembers from check to check. Times are in milliseconds.
struct WatchMemory {
  var state: Store.State
  var holding: Set<Condition> = []
  /// When each condition was found last.
  var found: [Condition: Int64] = [:]
  /// What happened once, and when.
  var past: [Condition: (finding: HeldCondition, time: Int64)] = [:]
  /// Both clocks at the last check.
  var time: (wall: Int64, uptime: Int64)?
  /// The oldest reader, and since when it is.
  var reader: (Store.OldReader, since: Int64)?
  var deadReaders = 0

  /// How long a condition must be gone before its return is news.
  private static let gone: Int64 = 60_000
  private static let longestRead: Int64 = 600_000
  private static let shortestJump: Int64 = 60_000
  /// How long something that happened once counts as a condition, so that a scrape sees it.
  private static let afterglow: Int64 = 3_600_000

  init(state: Store.State) { self.state = state }

  /// Notes a state of the data, and which conditions hold.
  ///
  /// - Parameters:
  ///   - more: findings that do not come from the state.
  /// - Returns: the findings of conditions that have begun.
  mutating func note(_ state: Store.State, at wall: Timestamp, _ now: Int64, _ more: [HeldCondition])
    -> [HeldCondition]
  {
    let ofState = state.findings(at: wall)
    let happened =
      [jump(wall.milliseconds, now)].compactMap(\.self) + ofState.filter { $0.condition == .staleReaders }
    for finding in happened {
      if let before = past[finding.condition], now - before.time > Self.gone { forget(finding.condition) }
      past[finding.condition] = (finding, now)
    }
    past = past.filter { now - $0.value.time < Self.afterglow }
    self.state = state
    deadReaders += state.deadReaders
    return note(
      past.values.map(\.finding) + ofState + more + [longRead(state.oldestReader, now)].compactMap(\.self),
      now)
  }

  private mutating func note(_ findings: [HeldCondition], _ now: Int64) -> [HeldCondition] {
    let before = holding
    holding = []
    let distinct = findings.filter { holding.insert($0.condition).inserted }
    let new = distinct.filter { finding in
      !before.contains(finding.condition)
        && found[finding.condition].map { now - $0 > Self.gone } ?? true
    }
    for condition in holding { found[condition] = now }
    return new
  }

  /// Makes a condition news again.
  private mutating func forget(_ condition: Condition) {
    holding.remove(condition)
    found[condition] = nil
  }

  /// A reader that keeps the same old data for long: the file grows, since its pages can't be used again.
  private mutating func longRead(_ oldest: Store.OldReader?, _ now: Int64) -> HeldCondition? {
    guard let oldest else {
      reader = nil
      return nil
    }
    guard let reader, reader.0 == oldest else {
      reader = (oldest, now)
      return nil
    }
    guard now - reader.since >= Self.longestRead else { return nil }
    return HeldCondition(
      .staleReaders,
      "process \(oldest.process) has read the same state of the data for \((now - reader.since) / 60_000) minutes, so that the file grows. End it, unless it is a backup that still makes progress"
    )
  }

  /// A jump of the wall clock since the last check.
  private mutating func jump(_ wall: Int64, _ now: Int64) -> HeldCondition? {
    defer { time = (wall, now) }
    guard let time else { return nil }
    let (jump, overflows) = (wall - time.wall).subtractingReportingOverflow(now - time.uptime)
    guard !overflows, jump.magnitude >= Self.shortestJump.magnitude else { return nil }
    return HeldCondition(
      .clockJumped,
      "the clock was set \(jump.magnitude / 1000) seconds \(jump > 0 ? "forward" : "back"). Check the time and its synchronisation (timedatectl)"
    )
  }
}
