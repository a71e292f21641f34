import DashboardSystem

/// Threads on which calls block: they hash passwords, and wait until a change is on the disk. Threads of Swift's concurrency, which
/// libdispatch shares with its queues, must not block. A thread ends when no call waits.
///
/// Safe to share: `waiting` and `threads` are only used while `monitor` is held.
final class CallThreads: @unchecked Sendable {
  /// For calls that hash a password. They would delay other calls.
  static let hashing = CallThreads(patience: 2000)
  static let others = CallThreads(patience: nil)

  private struct Waiting {
    /// In monotonic milliseconds.
    let since: Int64
    let run: @Sendable (_ isRefused: Bool) -> Void
  }

  /// More threads would wait for the processors, the disk and the limit of hashing.
  private static let mostThreads = 64

  /// Milliseconds for which a call waits for a thread before it is refused; `nil` for ever.
  private let patience: Int64?
  private let monitor = Monitor()
  private var waiting: [Waiting] = []
  private var threads = 0

  private init(patience: Int64?) { self.patience = patience }

  /// Runs a call on a thread.
  ///
  /// - Throws: what the call throws; `CancellationError` if the task was cancelled before; the `Exception` `server-busy` if the
  ///   call has waited too long, or if the system has no thread left.
  func run<Result: Sendable>(_ call: @escaping @Sendable () throws -> Result) async throws -> Result {
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      start { isRefused in
        continuation.resume(
          with: Swift.Result {
            if isRefused { throw Exception.serverBusy }
            return try call()
          })
      }
    }
  }

  private func start(_ call: @escaping @Sendable (_ isRefused: Bool) -> Void) {
    let needsThread = monitor.withLock {
      waiting.append(Waiting(since: monotonicMilliseconds(), run: call))
      guard threads < Self.mostThreads else { return false }
      threads += 1
      return true
    }
    if needsThread, !Thread.start(name: "call", work) {
      // Another thread runs what waits, if there is one.
      let refused = monitor.withLock {
        threads -= 1
        guard threads == 0 else { return [Waiting]() }
        defer { waiting = [] }
        return waiting
      }
      for call in refused { call.run(true) }
    }
  }

  private func work() {
    while let call = next() {
      call.run(patience.map { monotonicMilliseconds() - call.since > $0 } ?? false)
    }
  }

  private func next() -> Waiting? {
    monitor.withLock {
      if waiting.isEmpty {
        threads -= 1
        return nil
      }
      return waiting.removeFirst()
    }
  }
}
