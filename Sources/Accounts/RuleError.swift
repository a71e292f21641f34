package import DashboardRecords

/// Why a rule refuses a call. Endpoints, pages and commands find their own text by the identifier.
package protocol RuleError: Error, Sendable {
  /// A stable name, such as `unknown-username`.
  var identifier: String { get }
  /// The allowed lengths in Unicode scalars; `nil` if the error is not about a length.
  var allowedLength: ClosedRange<Int>? { get }
  /// Seconds after which a retry can succeed; `nil` if waiting does not help.
  var retryAfter: Int? { get }
  /// The kinds of second factors that the account has; empty if the error is not about them.
  var factors: [FactorKind] { get }
}

extension RuleError {
  package var allowedLength: ClosedRange<Int>? { nil }
  package var retryAfter: Int? { nil }
  package var factors: [FactorKind] { [] }
}

extension RuleError where Self: RawRepresentable<String> {
  package var identifier: String { rawValue }
}
