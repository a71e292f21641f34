import DashboardSystem

extension Dashboard {
  /// Calls an endpoint in this process without blocking the task's thread. Parameters, answer and errors are those of the form
  /// without `async`.
  ///
  /// - Throws: in addition `CancellationError` if the task was cancelled before the call. A call that has begun runs to its end.
  public func call<E: Endpoint>(
    _ endpoint: E.Type, app: AppName? = nil, query: [String: String] = [:], posted: [String: String] = [:],
    as session: Session? = nil, from client: Client = .unknown
  ) async throws -> E.Answer {
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      CallThreads.shared.run { isRefused in
        continuation.resume(
          with: Result {
            if isRefused { throw Exception.serverBusy }
            return try self.call(endpoint, app: app, query: query, posted: posted, as: session, from: client)
          })
      }
    }
  }
}

/// Threads on which calls block: they hash passwords, and wait until a change is on the disk. Threads of Swift's concurrency, which
/// libdispatch shares with its queues, must not block. A thread ends when no call waits.
///
/// Safe to share: `waiting` and `threads` are only used while `monitor` is held.
private final class CallThreads: @unchecked Sendable {
  static let shared = CallThreads()

  /// More threads would wait for the processors, the disk and the limit of hashing.
  private static let mostThreads = 64

  private let monitor = Monitor()
  private var waiting: [@Sendable (_ isRefused: Bool) -> Void] = []
  private var threads = 0

  /// Runs a call on a thread. If the system has no thread left for the first call, the call is told so.
  func run(_ call: @escaping @Sendable (_ isRefused: Bool) -> Void) {
    let needsThread = monitor.withLock {
      waiting.append(call)
      guard threads < Self.mostThreads else { return false }
      threads += 1
      return true
    }
    if needsThread, !Thread.start(name: "call", work) {
      // Another thread runs what waits, if there is one.
      let refused = monitor.withLock {
        threads -= 1
        guard threads == 0 else { return [@Sendable (Bool) -> Void]() }
        defer { waiting = [] }
        return waiting
      }
      for call in refused { call(true) }
    }
  }

  private func work() {
    while let call = next() { call(false) }
  }

  private func next() -> (@Sendable (Bool) -> Void)? {
    monitor.withLock {
      if waiting.isEmpty {
        threads -= 1
        return nil
      }
      return waiting.removeFirst()
    }
  }
}
