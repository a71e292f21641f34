package import DashboardAccounts

/// An error that an endpoint declares. In process it is thrown. Over HTTP it is
/// `{"object":"error","message":"CODE","field":…,"detail":…}`.
///
/// Each exception is declared once, with its endpoint. The documentation of the route is made from the
/// declaration.
public struct Exception: Error, Hashable, Sendable {
  /// The exact code, such as `invalid-username`.
  public let code: String
  /// The HTTP status, 400…599.
  public let status: Int
  /// When it is thrown, in a few words, such as "missing posted username".
  public let circumstances: String
  /// The parameter at fault; `nil` if no single parameter is.
  public let field: String?
  /// A text for people: the circumstances, or a more exact text.
  public private(set) var detail: String
  /// Seconds after which a retry can succeed; `nil` if waiting does not help.
  public private(set) var retryAfter: Int?
  /// The kinds of second factors that would do; empty if the exception is not about them.
  public private(set) var factors: [String] = []
  /// The identifier of the rule's error that this exception answers; `nil` if it answers none.
  private(set) var rule: String?

  public init(
    _ code: String, _ status: Int, _ circumstances: String, field: String? = nil, retryAfter: Int? = nil
  ) {
    self.code = code
    self.status = status
    self.circumstances = circumstances
    self.field = field
    self.retryAfter = retryAfter
    detail = circumstances
  }

  /// The same exception with another detail.
  ///
  /// - Parameter detail: a text without secrets.
  public func explained(_ detail: String) -> Exception {
    var explained = self
    explained.detail = detail
    return explained
  }
}

extension Exception {
  /// The same exception, as the answer to a rule's error.
  ///
  /// - Parameter error: only its identifier counts. The thrown error gives allowed lengths and times
  ///   (`filled`).
  package func answering(_ error: any RuleError) -> Exception {
    var exception = self
    exception.rule = error.identifier
    return exception
  }

  /// True if this exception answers a rule's error.
  package func answers(_ error: any RuleError) -> Bool { rule == error.identifier }

  /// The same exception with the allowed lengths, the waiting time and the second factors of an error.
  func filled(from error: any RuleError) -> Exception {
    var exception = self
    if let allowed = error.allowedLength { exception = exception.explained(allowed) }
    if let seconds = error.retryAfter { exception.retryAfter = seconds }
    exception.factors = error.factors.map(\.rawValue)
    return exception
  }

  /// The same exception with the allowed lengths, in characters.
  package func explained(_ allowed: ClosedRange<Int>) -> Exception {
    explained("\(field ?? "it") must have \(Self.words(ofLength: allowed))")
  }

  /// A length in characters; `.max` stands for no upper limit.
  static func words(ofLength allowed: ClosedRange<Int>) -> String {
    let numbers =
      allowed.upperBound == .max
      ? "at least \(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
    return "\(numbers) characters"
  }
}

/// The exceptions of the router, which any route can answer.
extension Exception {
  public static let invalidRoute = Exception("invalid-route", 404, "no such route")
  public static let invalidMethod = Exception("invalid-method", 405, "the route does not have this verb")
  public static let invalidRequestLength = Exception("invalid-request-length", 413, "the body is too long")
  public static let invalidURLLength = Exception("invalid-url-length", 414, "the query string is too long")
  public static let invalidContentType = Exception(
    "invalid-content-type", 415,
    "a body must be application/x-www-form-urlencoded or multipart/form-data, in UTF-8 or windows-1252, without Content-Encoding"
  )
  public static let invalidRequest = Exception("invalid-request", 400, "the form is malformed")
  public static let invalidOrigin = Exception("invalid-origin", 403, "a cross-site request")
  public static let invalidApplicationServer = Exception(
    "invalid-application-server", 403,
    "the x-application-server headers do not name the application server and a live session")
  public static let unverifiedSession = Exception(
    "unverified-session", 403, "the session is not fresh: call set-session-verified first"
  ).answering(VerificationError.sessionNotFresh)
  public static let secondFactorMissing = Exception(
    "second-factor-missing", 403,
    "a second factor is required: set one up (create-totp or create-passkey), or sign in with it"
  ).answering(VerificationError.factorMissing)
  public static let unknownError = Exception(
    "unknown-error", 500, "an internal error; the server has logged it")
  public static let serverBusy = Exception("server-busy", 503, "the server is overloaded", retryAfter: 2)
    .answering(HashingError.busy)
  public static let storageUnavailable = Exception(
    "storage-unavailable", 503, "the disk is full or failing, or the data was moved; nothing was changed",
    retryAfter: 30)
}

extension Exception {
  /// The exceptions of the router, in the order of its checks.
  package static let ofAnyRoute: [Exception] = [
    invalidRoute, invalidMethod, invalidURLLength, invalidRequestLength, invalidContentType, invalidOrigin,
    invalidApplicationServer, invalidRequest, serverBusy, storageUnavailable, unknownError,
  ]
}
