import Dispatch

/// Calls block their thread: they hash passwords, and wait until a change is on the disk. So they run on threads of their own and not on
/// those of Swift's concurrency.
private let calls = DispatchQueue(label: "dashboard.calls", attributes: .concurrent)

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
      calls.async {
        continuation.resume(
          with: Result {
            try self.call(endpoint, app: app, query: query, posted: posted, as: session, from: client)
          })
      }
    }
  }
}
