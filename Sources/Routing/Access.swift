import Accounts
public import WireFormat

/// Somebody may not use an endpoint: 401 or 403, `{"object":"auth","message":…}`.
public enum AccessRefusal: String, Error, JSONEncodable, Sendable {
  case signInRequired = "Sign in required"
  case administratorRequired = "Administrator required"

  package var status: Int {
    switch self {
    case .signInRequired: 401
    case .administratorRequired: 403
    }
  }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("object", "auth")
      object.member("message", rawValue)
    }
  }
}

extension Declaration.Access {
  /// The one place where access is decided.
  func check(_ asker: Call.Asker?) throws(AccessRefusal) {
    switch self {
    case .open: return
    case .session: if asker == nil { throw .signInRequired }
    case .administrator:
      guard let asker else { throw .signInRequired }
      guard asker.account.isAdministrator else { throw .administratorRequired }
    }
  }
}
