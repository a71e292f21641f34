// The values of settings that are one of a few words.

/// The values of LOG_LEVEL.
package enum LogLevel: String, CaseIterable, Sendable {
  case error, info
}

/// The values of USERNAMES.
package enum UsernameComparison: String, CaseIterable, Sendable {
  case prepared, exact
}

/// The values of SESSION_DETAILS.
package enum SessionDetails: String, CaseIterable, Sendable {
  case full, none
}

/// The values of SECOND_FACTOR: which accounts must have a second factor.
package enum SecondFactorPolicy: String, CaseIterable, Sendable {
  case optional, administrators, required

  /// True if it asks an account for a second factor.
  package func requires(isAdministrator: Bool) -> Bool {
    switch self {
    case .optional: false
    case .administrators: isAdministrator
    case .required: true
    }
  }
}

/// The values of API_ACCESS: which clients may call the API.
package enum APIAccess: String, CaseIterable, Sendable {
  case anyone = "public"
  case application
  case noOne = "none"
}
