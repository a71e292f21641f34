internal import Glibc

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
  private var queue = Queue<@Sendable () -> Void>()
  private var threads = 0
  private var idleThreads = 0
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
  func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    if let patience, queue.count >= maximumThreads {
      let expected = Int64(queue.count) * expectedDuration / Int64(maximumThreads)
      guard expected <= patience * 1000 else { return false }
    }
    queue.append(work)
    if idleThreads >= queue.count {
      lock.signal()
    } else if threads < maximumThreads {
      threads += 1
      let started = Thread.start(name: name) { [self] in run() }
      if !started { threads -= 1 }
      // Out of threads: those that run will come to it; with none at all it can't be kept.
      if !started, threads == 0 {
        _ = queue.removeLast()
        return false
      }
    } else {
      lock.signal()
    }
    return true
  }

  private func run() {
    // On Linux, "process 0" of setpriority is the calling thread alone.
    if niceness != 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
    lock.lock()
    while true {
      guard let work = queue.popFirst() else {
        idleThreads += 1
        lock.wait()
        idleThreads -= 1
        continue
      }
      let start = monotonicMilliseconds()
      firstStart = firstStart ?? start
      lock.unlock()
      work()
      let duration = (monotonicMilliseconds() - start) * 1000
      lock.lock()
      averageDuration = averageDuration == 0 ? duration : (averageDuration * 7 + duration) / 8
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
