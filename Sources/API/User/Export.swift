public import DashboardAccounts
import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

/// GET /api/user/export: everything that is kept of the caller's account, as a file.
public enum Export: Endpoint {
  public static var route: String { "/api/user/export" }
  public static let declaration = Declaration(
    .get, route,
    "Returns all that is kept of the caller's account, as a file: no passwords, codes, tokens or hashes.",
    access: .freshSession, settings: [.verificationDelay], isList: true, fileName: "account.json")

  public static func answer(_ call: inout Call) throws -> Takeout { try Takeout(call.caller, call.context) }
}

extension Takeout: Exemplary {
  public static var example: Takeout {
    var session = Session.example
    session.csrfToken = []
    return Takeout(
      createdAt: session.createdAt, account: .example, profiles: [.example], sessions: [session],
      resetCodes: [.example], invitations: [.example], passkeys: [.example], events: [.example])
  }
}
