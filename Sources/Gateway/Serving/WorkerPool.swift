import DashboardSystem
import Glibc

/// Threads for work that can block, fed from one queue.
///
/// A thread starts when work waits and no thread is idle, up to the maximum. A pool without work has no threads.
///
/// Safe to share: stored properties that change are only touched while `lock` is held.
final class WorkerPool: @unchecked Sendable {
  private let name: String
  private let maximumThreads: Int
  private let niceness: Int32
  private let bound: Bound
  private let lock = Monitor()
  private var queue = Queue<Job>()
  /// The number of jobs in the queue that have not given way.
  private var waitingCount = 0
  /// These jobs counted by client.
  private var waiting: [[UInt8]: Int] = [:]
  private var threads = 0
  private var idleThreads = 0
  /// Milliseconds that a job may wait beyond the expected time, since expectations err.
  static let tolerance: Int64 = 1000

  private final class Job {
    let work: @Sendable (_ isLate: Bool) -> Void
    let client: [UInt8]?
    /// In monotonic milliseconds.
    let submitted: Int64
    /// True if another client's job has taken its place. It no longer counts, and is told at its turn that it is late.
    var gaveWay = false

    init(_ work: @escaping @Sendable (_ isLate: Bool) -> Void, client: [UInt8]?, submitted: Int64) {
      (self.work, self.client, self.submitted) = (work, client, submitted)
    }
  }

  /// The limit on waiting jobs, beyond which `submit` refuses.
  ///
  /// A known client has at most half of the limit. If several clients fill the queue, the newest job of the client with the most
  /// gives way to a client with fewer. So a few clients can't shut the others out.
  enum Bound: Sendable {
    case none
    /// This many jobs.
    case count(Int)
    /// As many jobs as are expected to start within `patience` milliseconds.
    ///
    /// - Parameters:
    ///   - parallelism: the number of jobs that run at full speed at once, however many threads there are.
    ///   - duration: the time of one job in microseconds; 0 if it is not known yet. The pool can't measure it, since much of the
    ///     work is refused before its expensive part.
    case time(_ patience: Int64, parallelism: Int = .max, duration: @Sendable () -> Int64)
  }

  /// When the first job started after the pool was last idle (monotonic milliseconds).
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

  /// Queues a job.
  ///
  /// - Parameters:
  ///   - client: the client that the job is for; `nil` if it is for none.
  ///   - work: gets true if the job has waited too long nevertheless, and should be refused.
  /// - Returns: false if too many jobs wait.
  func submit(for client: [UInt8]? = nil, _ work: @escaping @Sendable (_ isLate: Bool) -> Void) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    let own = client.flatMap { waiting[$0] } ?? 0
    guard maySubmit(client, own), hasRoom(after: waitingCount, share: 1) || makeRoom(for: own) else {
      return false
    }
    queue.append(Job(work, client: client, submitted: monotonicMilliseconds()))
    waitingCount += 1
    if let client { waiting[client, default: 0] += 1 }
    if idleThreads < queue.count, threads < maximumThreads, Thread.start(name: name, { [self] in run() }) {
      threads += 1
    }
    // The system is out of threads, so no thread would ever run the job.
    guard threads > 0 else {
      _ = queue.removeLast()
      forget(client)
      return false
    }
    lock.signal()
    return true
  }

  var state: QueueState {
    lock.withLock {
      QueueState(name: name, length: waitingCount, isFull: !hasRoom(after: waitingCount, share: 1))
    }
  }

  /// True if one more job fits in the share of a client that has `own` jobs waiting.
  private func maySubmit(_ client: [UInt8]?, _ own: Int) -> Bool {
    client == nil || hasRoom(after: own, share: 2)
  }

  /// True if one more job fits in this share of the limit, after `count` that wait already.
  private func hasRoom(after count: Int, share: Int) -> Bool {
    switch bound {
    case .none: return true
    case .count(let most): return count < most / share
    case .time(let patience, let parallelism, let duration):
      var expected = duration()
      // Until the duration is known, assume at least what the first job has taken so far: a flood may come first.
      if expected == 0, let firstStart { expected = (monotonicMilliseconds() - firstStart) * 1000 }
      return count < maximumThreads
        || Int64(count) * expected / Int64(min(maximumThreads, parallelism)) <= patience * 1000 / Int64(share)
    }
  }

  /// Makes the newest job of the client with the most jobs give way to a client with `own` jobs.
  ///
  /// - Returns: false if no client has enough more jobs.
  private func makeRoom(for own: Int) -> Bool {
    guard let (client, most) = waiting.max(by: { $0.value < $1.value }), most > own + 1,
      let job = queue.last(where: { $0.client == client && !$0.gaveWay })
    else { return false }
    job.gaveWay = true
    forget(client)
    return true
  }

  /// True if a job that has waited `wait` milliseconds is too late.
  private func isLate(after wait: Int64) -> Bool {
    if case .time(let patience, _, _) = bound { wait > patience + Self.tolerance } else { false }
  }

  private func forget(_ client: [UInt8]?) {
    waitingCount -= 1
    guard let client, let count = waiting[client] else { return }
    waiting[client] = count > 1 ? count - 1 : nil
  }

  private func run() {
    // On Linux, "process 0" of setpriority(2) is the calling thread alone.
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
