// The forms with `async`. They hash passwords and wait for the disk on threads of their own, and never on the task's thread.

extension Dashboard {
  /// Calls an endpoint in this process without blocking the task's thread. Parameters, answer and errors are those of the form
  /// without `async`.
  ///
  /// - Throws: in addition `CancellationError` if the task was cancelled before the call. A call that has begun runs to its end.
  ///   The `Exception` `server-busy` if the call has waited 2 seconds for a thread to hash a password.
  public func call<E: Endpoint>(
    _ endpoint: E.Type, app: AppName? = nil, query: [String: String] = [:], posted: [String: String] = [:],
    as session: Session? = nil, from client: Client = .unknown
  ) async throws -> E.Answer {
    try await (E.declaration.isHashing ? CallThreads.hashing : .others).run {
      try self.call(endpoint, app: app, query: query, posted: posted, as: session, from: client)
    }
  }

  /// The live session that a client proves, without blocking the task's thread. Parameters, result and errors are those of the form
  /// without `async`. It does not wait for calls that hash passwords.
  ///
  /// - Throws: in addition `CancellationError` if the task was cancelled before the call.
  public func session(bearer text: String, app: AppName? = nil) async throws -> Session? {
    try await CallThreads.others.run { try self.session(bearer: text, app: app) }
  }

  /// Removes a piece of what is due, without blocking the task's thread. Result and errors are those of the form without `async`.
  ///
  /// - Throws: in addition `CancellationError` if the task was cancelled before the call.
  public func sweep() async throws -> Bool {
    try await CallThreads.others.run { try self.sweep() }
  }

  /// Removes all that is due, at once and again after each interval, until the task is cancelled:
  ///
  ///     Task { await dashboard.sweepRegularly() }
  ///
  /// A program needs it if no server uses the data directory. Several processes may sweep one directory.
  ///
  /// - Parameters:
  ///   - interval: from the end of a sweep to the next one.
  ///   - failed: gets the error of a failed sweep. The next sweep goes on where it stopped.
  public func sweepRegularly(
    every interval: Duration = .seconds(60), failed: @Sendable (any Error) -> Void = { _ in }
  ) async {
    while !Task.isCancelled {
      do {
        while try await sweep() {}
      } catch is CancellationError {
        return
      } catch {
        failed(error)
      }
      try? await Task.sleep(for: interval)
    }
  }
}
