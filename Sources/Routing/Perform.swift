package import DashboardAccounts
package import DashboardRecords
package import DashboardWireFormat

/// The access of a route, and the kind of work that it needs.
package struct RoutePolicy: Sendable {
  package let access: Access
  /// True if it writes, and so waits for the disk.
  package let writes: Bool
  /// True if it hashes a password, which takes a core for a good part of a second.
  package let hashes: Bool
  /// True if its answer can be a long list.
  package let isList: Bool

  package init(_ access: Access, writes: Bool = false, hashes: Bool = false, isList: Bool = false) {
    self.access = access
    self.writes = writes
    self.hashes = hashes
    self.isList = isList
  }

  /// - Throws: `AccessRefusal`, `Exception.unverifiedSession`, `.secondFactorMissing`.
  func check(_ caller: Caller, _ app: App, now: Timestamp) throws {
    do {
      try access.check(caller, app, now: now)
    } catch VerificationError.factorMissing {
      throw Exception.secondFactorMissing
    } catch is VerificationError {
      throw Exception.unverifiedSession
    }
  }
}

extension Dashboard {
  /// Performs a call. HTTP requests, the library, pages and commands all come through here.
  ///
  /// It checks access, reads the fields and runs `body`. Then it notes the hashing time and logs the events,
  /// also after an error.
  ///
  /// - Parameters:
  ///   - app: the app of the call.
  ///   - now: when the call began. All checks use this moment.
  ///   - request: the X-Request-Id of the response, for the event log; `nil` outside HTTP.
  ///   - forms: reads the fields of the URL and of the body, after access was granted.
  ///   - observe: gets the effects of the call, also after an error.
  ///   - body: answers the call.
  /// - Returns: the answer, and the call with its effects.
  /// - Throws: `AccessRefusal`, `Exception.unverifiedSession`; errors of `forms` and `body`.
  package func perform<Answer>(
    _ policy: RoutePolicy, as caller: Caller, in app: App, at now: Timestamp, request: RequestID? = nil,
    observe: (Effects) -> Void = { _ in }, forms: () throws -> (query: Form, posted: Form),
    _ body: (inout Call) throws -> Answer
  ) throws -> (answer: Answer, call: Call) {
    try policy.check(caller, app, now: now)
    let (query, posted) = try forms()
    var call = Call(caller, Context(app, services, now: now), query: query, posted: posted)
    defer {
      noteHashing(call.context.effects.hashing)
      observe(call.context.effects)
      log(call.context.effects, of: caller, in: app, request: request)
    }
    let answer = try body(&call)
    return (answer, call)
  }

  /// Writes the events of a call to the event log.
  private func log(_ effects: Effects, of caller: Caller, in app: App, request: RequestID?) {
    for (name, account) in effects.loggedEvents {
      log(
        Event(
          name, account, app: app.name, by: caller, at: services.clock.now(), request: request?.description))
    }
  }
}
