import Glibc
import Threading

/// Threads for whatever can block, fed from one queue. A thread is started when work waits and no thread is idle,
/// up to the maximum, so a lane that is never needed costs nothing.
///
/// Safe to share: every stored property that changes is only touched with `lock` held.
final class Lane: @unchecked Sendable {
  private let name: String
  private let maximumThreads: Int
  private let niceness: Int32
  private let patience: Int64?
  private let lock = Monitor()
  private var queue = Queue<Job>()
  /// How much of the queue is whose.
  private var waiting: [[UInt8]: Int] = [:]
  private var threads = 0
  private var idleThreads = 0
  /// How much longer than the lane's patience a piece of work may wait in the end, in milliseconds: expectations err.
  static let tolerance: Int64 = 1000

  private struct Job {
    let work: @Sendable (_ isLate: Bool) -> Void
    let client: [UInt8]?
    /// In monotonic milliseconds.
    let submitted: Int64
  }

  /// A moving average of what one piece of work takes, in microseconds; 0 until the first has ended.
  private var averageDuration: Int64 = 0
  /// When the first piece of work began, in monotonic milliseconds.
  private var firstStart: Int64?

  /// What one piece of work takes, in microseconds. Until the first has ended, at least as long as that one has
  /// taken so far: a flood may well come first.
  private var expectedDuration: Int64 {
    guard averageDuration == 0, let firstStart else { return averageDuration }
    return (monotonicMilliseconds() - firstStart) * 1000
  }

  /// - Parameters:
  ///   - name: shown by `top -H`, at most 15 bytes.
  ///   - niceness: of its threads, 0…19 (setpriority(2)).
  ///   - patience: the longest that new work may be expected to wait for its turn, in milliseconds; beyond it
  ///     `submit` refuses. `nil`: never refuses.
  init(name: String, maximumThreads: Int, niceness: Int32 = 0, patience: Int64? = nil) {
    self.name = name
    self.maximumThreads = max(1, maximumThreads)
    self.niceness = niceness
    self.patience = patience
  }

  /// Queues `work`; false when it would have to wait longer than the lane's patience.
  ///
  /// - Parameters:
  ///   - client: for whom. What waits for one client takes no more than half of the lane's patience, so that one alone
  ///     can't shut the others out.
  ///   - work: told whether it has waited longer than that all the same, and should not be begun.
  func submit(for client: [UInt8]? = nil, _ work: @escaping @Sendable (_ isLate: Bool) -> Void) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    if let patience {
      let own = client.flatMap { waiting[$0] } ?? 0
      guard canBeDone(queue.count, within: patience), canBeDone(own, within: patience / 2) else {
        return false
      }
    }
    queue.append(Job(work: work, client: client, submitted: monotonicMilliseconds()))
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

  /// Whether so much work will be begun within that many milliseconds.
  private func canBeDone(_ count: Int, within patience: Int64) -> Bool {
    count < maximumThreads || Int64(count) * expectedDuration / Int64(maximumThreads) <= patience * 1000
  }

  private func forget(_ client: [UInt8]?) {
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
        lock.wait()
        idleThreads -= 1
        continue
      }
      forget(job.client)
      let start = monotonicMilliseconds()
      let isLate = patience.map { start - job.submitted > $0 + Self.tolerance } ?? false
      if !isLate { firstStart = firstStart ?? start }
      lock.unlock()
      job.work(isLate)
      let duration = (monotonicMilliseconds() - start) * 1000
      lock.lock()
      // What took no time was refused before the work proper began; it tells nothing of what that takes.
      if duration > 0 {
        averageDuration = averageDuration == 0 ? duration : (averageDuration * 7 + duration) / 8
      }
    }
  }
}

/// First in, first out, in amortised constant time.
struct Queue<Element> {
  private var elements: [Element?] = []
  private var head = 0

  var count: Int { elements.count - head }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func removeLast() -> Element? { count > 0 ? elements.removeLast() : nil }

  mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    let element = elements[head]
    elements[head] = nil
    head += 1
    if head > 64, head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }
}
