/// A request as the web server passes it on.
package struct Request: Sendable {
  /// How much of the body was received.
  package enum BodyState: Sendable {
    /// The whole body.
    case complete
    /// Nothing: the body is longer than allowed, and was discarded.
    case tooLong
    /// Nothing: the bodies of other requests leave no memory for it, and it was discarded.
    case withoutRoom
    /// The body is shorter or longer than its announced length.
    case cutShort
    /// Nothing: without an announced length, a part can't be told from the whole.
    case unannounced
  }

  package var variables = MetaVariables()
  /// True if there are no variables because they were too long.
  package var areParametersTooLong = false
  package var body: [UInt8] = []
  package var bodyState = BodyState.complete
  /// The nanoseconds for which it waited for a thread after it had arrived.
  package var waited: Int64 = 0

  package init() {}

  /// Clears the request for the next one. Keeps the memory of the variables, not that of the body.
  package mutating func reset() {
    variables.removeAll()
    areParametersTooLong = false
    body = []
    bodyState = .complete
    waited = 0
  }
}
