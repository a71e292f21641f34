public import DashboardAccounts
public import DashboardWireFormat

// The JSON objects of refusals.

extension AccessRefusal: JSONEncodable {
  public static var schema: JSONSchema { .object("auth") }

  /// When the refusal occurs, in a few words.
  package var circumstances: String {
    switch self {
    case .signInRequired: "the client is not signed in, or the session has ended"
    case .administratorRequired: "the caller is not an administrator"
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

extension Exception: JSONEncodable {
  public static var schema: JSONSchema { .object("error") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.kind("error")
      object.member("message", code)
      object.member("field", field)
      object.member("factors", factors.isEmpty ? nil : factors)
      object.member("detail", detail)
    }
  }
}
