/// Why a rule refuses. Endpoints, pages and commands tell refusals apart by their identifiers, and each words them for its reader.
package protocol RuleError: Error, Sendable {
  /// A name that never changes, such as `unknown-username`.
  var identifier: String { get }
  /// The lengths that are allowed, in Unicode scalars, where a length is at fault.
  var allowedLength: ClosedRange<Int>? { get }
  /// Seconds after which another try makes sense, if it depends on the moment.
  var retryAfter: Int? { get }
}

extension RuleError {
  package var allowedLength: ClosedRange<Int>? { nil }
  package var retryAfter: Int? { nil }
}

extension RuleError where Self: RawRepresentable<String> {
  package var identifier: String { rawValue }
}
