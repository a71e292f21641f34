package import DashboardWireFormat

/// What a request may do to the thread that answers it.
package enum Work: Sendable {
  /// Reads at most: answered on the event thread.
  case reading
  /// Reads so much that others would have to wait: answered in a lane of its own, where each client has no more than a
  /// share.
  case lengthyReading(client: [UInt8])
  /// Waits for the disk: answered in the blocking lane.
  case writing
  /// Hashes a password, a good part of a second of one core: answered in the hashing lane, where each client has no
  /// more than a share; `nil`: nobody's.
  case hashing(client: [UInt8]?)
}

/// What the gateway serves. Called from many threads at once.
package protocol Application: Sendable {
  /// Where to answer the request. Looks at its route only: the body may not be there yet.
  func work(for variables: MetaVariables) -> Work

  /// The answer. Every failure is an answer too.
  func respond(to request: Request) -> Response

  /// What one piece of hashing work takes that was not refused before, in microseconds; 0: not known yet.
  var hashingDuration: Int64 { get }

  /// The answer while there is more work than can be done in time (503).
  func refuseBusy(_ request: Request) -> Response
}
