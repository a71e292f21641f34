import DashboardRecords
import DashboardStore
public import DashboardWireFormat

/// Somebody may not use an endpoint: 401 or 403, `{"object":"auth","message":…}`.
public enum AccessRefusal: String, Error, JSONEncodable, Sendable {
  case signInRequired = "Sign in required"
  case administratorRequired = "Administrator required"

  public static var schema: JSONSchema { .object("auth") }

  /// When it is thrown, in a few words.
  package var circumstances: String {
    switch self {
    case .signInRequired: "nobody is signed in, or the session has ended"
    case .administratorRequired: "the asker is no administrator"
    }
  }

  package var status: Int {
    switch self {
    case .signInRequired: 401
    case .administratorRequired: 403
    }
  }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.kind("auth")
      object.member("message", rawValue)
    }
  }
}

extension Declaration.Access {
  /// The one place where access is decided.
  ///
  /// - Throws: `AccessRefusal`, and `Exception.unverifiedSession`.
  func check(_ asker: Asker?, _ app: App, now: Timestamp) throws {
    if self == .open { return }
    guard let asker else { throw AccessRefusal.signInRequired }
    if isForAdministrators, !asker.account.isAdministrator { throw AccessRefusal.administratorRequired }
    let delay = Int64(app.configuration.verificationDelay)
    if isFresh, delay > 0, now >= asker.session.lastVerifiedAt.adding(seconds: delay) {
      throw Exception.unverifiedSession
    }
  }
}
