package import DashboardWireFormat

/// What answering a request does to the thread that answers it.
package enum Work: Sendable {
  /// Only reads, and briefly. The event thread answers it.
  case reading
  /// Reads so much that other requests would wait. A worker pool answers it, in which each client has a limited share.
  case lengthyReading(client: [UInt8])
  /// Waits for the disk. A worker pool answers it.
  case writing
  /// Hashes a password, which takes a core for a good part of a second. A worker pool answers it, in which each client has a
  /// limited share. `nil` if the work belongs to no client.
  case hashing(client: [UInt8]?)
}

/// An application that the gateway serves. Called from many threads at once.
package protocol Application: Sendable {
  /// The kind of work that answers the request. Looks at its route only, since the body may not have arrived yet.
  func work(for variables: MetaVariables) -> Work

  /// The response. Every failure is a response too.
  func respond(to request: Request) -> Response

  /// The time that hashing took for recent requests that were not refused before, in microseconds; 0 if it is not known yet.
  var hashingDuration: Int64 { get }

  /// The response (503) when the work could not be done in time.
  func refuseBusy(_ request: Request) -> Response
}
