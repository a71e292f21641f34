import DashboardSystem
import Glibc

/// Threads for whatever can block, fed from one queue. A thread is started when work waits and no thread is idle,
/// up to the maximum, so a lane that is never needed costs nothing.
///
/// Safe to share: every stored property that changes is only touched with `lock` held.
final class WorkerPool: @unchecked Sendable {
  private let name: String
  private let maximumThreads: Int
  private let niceness: Int32
  private let bound: Bound
  private let lock = Monitor()
  private var queue = Queue<Job>()
  /// How much waits, without what gave way.
  private var waitingCount = 0
  /// How much of it is whose.
  private var waiting: [[UInt8]: Int] = [:]
  private var threads = 0
  private var idleThreads = 0
  /// How much longer than expected a piece of work may wait in the end, in milliseconds: expectations err.
  static let tolerance: Int64 = 1000

  private final class Job {
    let work: @Sendable (_ isLate: Bool) -> Void
    let client: [UInt8]?
    /// In monotonic milliseconds.
    let submitted: Int64
    /// It gave way to another client's: it is told that it is late when its turn comes, and counts no more.
    var gaveWay = false

    init(_ work: @escaping @Sendable (_ isLate: Bool) -> Void, client: [UInt8]?, submitted: Int64) {
      (self.work, self.client, self.submitted) = (work, client, submitted)
    }
  }

  /// How much may wait, beyond which `submit` refuses. One client, if it is known whose work it is, has half of that at
  /// most; and where several fill it, what is new of the one with the most gives way to one that has less. So a few can't
  /// shut the others out.
  enum Bound: Sendable {
    case none
    /// So many pieces.
    case count(Int)
    /// What can be expected to be begun within so many milliseconds.
    ///
    /// - Parameters:
    ///   - parallelism: how many pieces are done in that time at most, however many threads there are.
    ///   - duration: what a piece takes, in microseconds; 0: not known yet. Not measured here: much of the work is
    ///     refused before it begins in earnest, as often as somebody likes.
    case time(_ patience: Int64, parallelism: Int = .max, duration: @Sendable () -> Int64)
  }

  /// When the first piece of work began since nothing was to do, in monotonic milliseconds.
  private var firstStart: Int64?

  /// - Parameters:
  ///   - name: shown by `top -H`, at most 15 bytes.
  ///   - niceness: of its threads, 0…19 (setpriority(2)).
  init(name: String, maximumThreads: Int, niceness: Int32 = 0, bound: Bound = .none) {
    self.name = name
    self.maximumThreads = max(1, maximumThreads)
    self.niceness = niceness
    self.bound = bound
  }

  /// Queues `work`; false when too much waits.
  ///
  /// - Parameters:
  ///   - client: for whom; `nil`: nobody's.
  ///   - work: told whether it has waited longer than that all the same, and should not be begun.
  func submit(for client: [UInt8]? = nil, _ work: @escaping @Sendable (_ isLate: Bool) -> Void) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    let own = client.flatMap { waiting[$0] } ?? 0
    guard maySubmit(client, own), hasRoom(beside: waitingCount, share: 1) || makeRoom(for: own) else {
      return false
    }
    queue.append(Job(work, client: client, submitted: monotonicMilliseconds()))
    waitingCount += 1
    if let client { waiting[client, default: 0] += 1 }
    if idleThreads < queue.count, threads < maximumThreads, Thread.start(name: name, { [self] in run() }) {
      threads += 1
    }
    // The system is out of threads, and no other will come to it.
    guard threads > 0 else {
      _ = queue.removeLast()
      forget(client)
      return false
    }
    lock.signal()
    return true
  }

  /// Whether one client may have one more than its own that waits.
  private func maySubmit(_ client: [UInt8]?, _ own: Int) -> Bool {
    client == nil || hasRoom(beside: own, share: 2)
  }

  /// Whether beside so much that waits, more fits into that part of the bound.
  private func hasRoom(beside count: Int, share: Int) -> Bool {
    switch bound {
    case .none: return true
    case .count(let most): return count < most / share
    case .time(let patience, let parallelism, let duration):
      var expected = duration()
      // Until it is known, at least as long as the first has taken so far: a flood may well come first.
      if expected == 0, let firstStart { expected = (monotonicMilliseconds() - firstStart) * 1000 }
      return count < maximumThreads
        || Int64(count) * expected / Int64(min(maximumThreads, parallelism)) <= patience * 1000 / Int64(share)
    }
  }

  /// Makes the newest of the client that has the most waiting give way to one that has less. False: nobody has enough more.
  private func makeRoom(for own: Int) -> Bool {
    guard let (client, most) = waiting.max(by: { $0.value < $1.value }), most > own + 1,
      let job = queue.last(where: { $0.client == client && !$0.gaveWay })
    else { return false }
    job.gaveWay = true
    forget(client)
    return true
  }

  /// Whether work that has waited so many milliseconds is too late.
  private func isLate(after wait: Int64) -> Bool {
    if case .time(let patience, _, _) = bound { wait > patience + Self.tolerance } else { false }
  }

  private func forget(_ client: [UInt8]?) {
    waitingCount -= 1
    guard let client, let count = waiting[client] else { return }
    waiting[client] = count > 1 ? count - 1 : nil
  }

  private func run() {
    // On Linux, "process 0" of setpriority is the calling thread alone.
    if niceness != 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
    lock.lock()
    while true {
      guard let job = queue.popFirst() else {
        idleThreads += 1
        if idleThreads == threads { firstStart = nil }
        lock.wait()
        idleThreads -= 1
        continue
      }
      if !job.gaveWay { forget(job.client) }
      let start = monotonicMilliseconds()
      let isLate = job.gaveWay || isLate(after: start - job.submitted)
      if !isLate { firstStart = firstStart ?? start }
      lock.unlock()
      job.work(isLate)
      lock.lock()
    }
  }
}
