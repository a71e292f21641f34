/// A request as it came through the web server.
package struct Request: Sendable {
  /// How much of the body is here.
  package enum BodyState: Sendable {
    /// All of it.
    case complete
    /// It is longer than allowed, and was thrown away.
    case tooLong
    /// It ended before, or went on after, the length that was announced.
    case cutShort
    /// Nothing: where its length is not announced, half of one could not be told from all of it.
    case unannounced
  }

  package var variables = MetaVariables()
  package var body: [UInt8] = []
  package var bodyState = BodyState.complete

  package init() {}

  /// Makes it ready for the next request. Keeps the memory of the variables, not that of the body.
  package mutating func reset() {
    variables.removeAll()
    body = []
    bodyState = .complete
  }
}
