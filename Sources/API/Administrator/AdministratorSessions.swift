import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/session: a session of any account.
  public enum ReadSession: Endpoint {
    public static var route: String { "/api/administrator/session" }
    public static let declaration = Declaration(
      .get, route, "Returns a session of any account.",
      access: .administrator,
      parameters: [Named.session.parameter],
      exceptions: Named.session.exceptions)

    public static func answer(_ call: inout Call) throws -> Session {
      try SessionRules.shown(Named.session.any(call), call.caller, call.context)
    }
  }

  /// GET /api/administrator/sessions: the sessions of all accounts or of one, newest first.
  public enum Sessions: Endpoint {
    public static var route: String { "/api/administrator/sessions" }
    public static let declaration = Declaration.list(
      route, "Lists the sessions of all accounts or of one, alive and ended, newest first.")

    public static func answer(_ call: inout Call) throws -> [Session] {
      try call.listSessions(of: NamedAccount.anyIfNamed(call))
    }
  }

  /// GET /api/administrator/sessions-count: the number of sessions of all accounts or of one.
  public enum SessionsCount: Endpoint {
    public static var route: String { "/api/administrator/sessions-count" }
    public static let declaration = Declaration.count(
      route, "Counts the sessions of all accounts or of one, alive and ended.")

    public static func answer(_ call: inout Call) throws -> Int {
      try call.count(Session.self, of: NamedAccount.anyIfNamed(call))
    }
  }

  /// PATCH /api/administrator/set-session-ended: ends a session of any account.
  public enum SetSessionEnded: Endpoint {
    static let owner = Exception(
      "invalid-account", 403, "the session belongs to the owner's account", field: "sessionid"
    ).answering(SessionError.protected)

    public static var route: String { "/api/administrator/set-session-ended" }
    public static let declaration = Declaration(
      .patch, route, "Ends a session of any account.",
      access: .freshAdministrator,
      parameters: [Named.session.parameter],
      exceptions: Named.session.exceptions + [owner, DashboardEndpoints.SetSessionEnded.alreadyEnded],
      settings: [.verificationDelay])

    public static var example: Session { .endedExample }

    public static func answer(_ call: inout Call) throws -> Session {
      let session = try Named.session.any(call)
      return try SessionRules.end(call.caller, &call.context, any: session)
    }
  }

  /// PATCH /api/administrator/reset-session-key.
  public enum ResetSessionKey: Endpoint {
    public static var route: String { "/api/administrator/reset-session-key" }
    public static let declaration = accountChange(
      .patch, route,
      "Resets an account's session key. All of its sessions end, and its reset codes become invalid.",
      exceptions: [Protection.owner, Protection.deleted])

    public static var example: Account {
      .userExample { account, now in
        account.sessionKeyNumber = 2
        account.sessionKeyLastResetAt = now
      }
    }

    public static func answer(_ call: inout Call) throws -> Account {
      try SessionRules.endAll(call.caller, &call.context, of: NamedAccount.any(call).accountid)
    }
  }
}
