package import DashboardRecords
package import DashboardStore
package import DashboardSystem
import Synchronization

/// Watches the conditions of a server. A maintenance thread calls `check`; `/healthz` and `/metrics` read what it found, so that no
/// request waits for a disk.
///
/// Each condition is logged when it begins, and again only after it was gone for a minute.
package final class Watch: Sendable {
  private let store: Store
  private let clock: any TimeSource
  private let uptime: @Sendable () -> Int64
  private let log: @Sendable (String) -> Void
  private let queues = Mutex<@Sendable () -> [QueueState]>({ [] })
  private let memory: Mutex<WatchMemory>
  private let checkedAt: Atomic<Int64>
  private let isWell = Atomic<Bool>(true)

  // In milliseconds.
  private static let interval: Int64 = 5000
  private static let longestPause: Int64 = 60_000

  /// - Parameters:
  ///   - uptime: milliseconds on a clock that never jumps, and does not stand still while the machine sleeps.
  ///   - log: gets a sentence for each condition that begins.
  package init(
    _ store: Store, clock: any TimeSource, uptime: @escaping @Sendable () -> Int64 = uptimeMilliseconds,
    log: @escaping @Sendable (String) -> Void
  ) {
    (self.store, self.clock, self.uptime, self.log) = (store, clock, uptime, log)
    memory = Mutex(WatchMemory(state: store.state()))
    checkedAt = Atomic(uptime() - Self.interval)
  }

  /// Sets the source of the states of the gateway's queues.
  package func watchQueues(_ states: @escaping @Sendable () -> [QueueState]) {
    queues.withLock { $0 = states }
  }

  package var queueStates: [QueueState] { queues.withLock { $0 }() }

  /// Looks for conditions, at most every five seconds, and logs new ones. While the last commit failed, tries a small one first.
  ///
  /// - Throws: `Store.Lost` if the process must be restarted.
  package func check() throws {
    let now = uptime()
    guard now - checkedAt.load(ordering: .relaxed) >= Self.interval else { return }
    if memory.withLock({ $0.state.commitFailure }) != nil {
      do { try store.tryCommit() } catch is Store.Unavailable {}
    }
    let (state, wall, isFull) = (
      store.state(), clock.now(), queueStates.contains { $0.name == "hashing" && $0.isFull }
    )
    let new = memory.withLock { memory in
      memory.note(state, at: wall, now, isFull ? [Self.hashingFinding] : [])
    }
    isWell.store(!memory.withLock { $0.holding.contains(where: \.isUnhealthy) }, ordering: .relaxed)
    checkedAt.store(now, ordering: .relaxed)
    // The store tells of missing files at once.
    for finding in new where finding.condition != .dataMissing { log(finding.description) }
  }

  /// True unless requests fail, as far as the last check knows.
  package var isHealthy: Bool { isWell.load(ordering: .relaxed) && !isStalled }

  /// The state of the data at the last check, the conditions that hold, and the number of readers that have died.
  package var current: (state: Store.State, conditions: Set<Condition>, deadReaders: Int) {
    let isStalled = isStalled
    return memory.withLock {
      ($0.state, isStalled ? $0.holding.union([.maintenanceStalled]) : $0.holding, $0.deadReaders)
    }
  }

  /// True if `check` was not called for long: a disk or another process keeps the maintenance thread waiting.
  private var isStalled: Bool { uptime() - checkedAt.load(ordering: .relaxed) > Self.longestPause }

  private static let hashingFinding = HeldCondition(
    .hashingFull,
    "the queue for hashing passwords is full, so sign-ins get 503. Look for guessing in the event log, and limit requests in the web server; or give the program more processors"
  )
}
