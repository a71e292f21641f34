import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

/// GET /api/user/session: one session of the caller's account.
public enum ReadSession: Endpoint {
  public static var route: String { "/api/user/session" }
  public static let declaration = Declaration(
    .get, route, "Returns a session of the caller's account.",
    access: .session,
    parameters: [Named.session.ownParameter],
    exceptions: Named.session.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Session {
    try SessionRules.shown(Named.session.own(call), call.caller, call.context)
  }
}

/// GET /api/user/current-session: the caller's session, for pages that can't read `HttpOnly` cookies.
public enum CurrentSession: Endpoint {
  public static var route: String { "/api/user/current-session" }
  public static let declaration = Declaration(
    .get, route, "Returns the caller's session.", access: .session.withoutFactor)

  public static func answer(_ call: inout Call) throws -> Session {
    try call.signedIn.session.seen(by: call.caller, in: call.context.app)
  }
}

/// GET /api/user/sessions: the sessions of the caller's account, newest first.
public enum Sessions: Endpoint {
  public static var route: String { "/api/user/sessions" }
  public static let declaration = Declaration.ownList(
    route, "Lists the sessions of the caller's account, alive and ended, newest first.")

  public static func answer(_ call: inout Call) throws -> [Session] {
    try call.listSessions(of: NamedAccount.own(call))
  }
}

/// GET /api/user/sessions-count: the number of sessions of the caller's account, alive and ended.
public enum SessionsCount: Endpoint {
  public static var route: String { "/api/user/sessions-count" }
  public static let declaration = Declaration.ownCount(
    route, "Counts the sessions of the caller's account, alive and ended.")

  public static func answer(_ call: inout Call) throws -> Int {
    try call.count(Session.self, of: NamedAccount.own(call))
  }
}

/// PATCH /api/user/set-session-ended: ends a session of the caller's account.
public enum SetSessionEnded: Endpoint {
  static let alreadyEnded = Exception(
    "invalid-session", 409, "the session has already ended", field: "sessionid"
  ).answering(SessionError.alreadyEnded)

  public static var route: String { "/api/user/set-session-ended" }
  public static let declaration = Declaration(
    .patch, route,
    "Ends a session of the caller's account. If it is the caller's current one, the caller is signed out.",
    access: .session,
    parameters: [Named.session.ownParameter],
    exceptions: Named.session.ownExceptions + [alreadyEnded])

  public static var example: Session { .endedExample }

  public static func answer(_ call: inout Call) throws -> Session {
    try SessionRules.end(call.caller, &call.context, Named.session.own(call).sessionid)
  }
}

/// PATCH /api/user/set-current-session-ended: signs out.
public enum SetCurrentSessionEnded: Endpoint {
  public static var route: String { "/api/user/set-current-session-ended" }
  public static let declaration = Declaration(
    .patch, route,
    "Signs out: ends the caller's session and those of the request's cookies, and clears the cookies.",
    access: .session.withoutFactor)

  public static var example: Session { .endedExample }

  public static func answer(_ call: inout Call) throws -> Session {
    try SessionRules.end(call.caller, &call.context, call.signedIn.session.sessionid)
  }
}

/// PATCH /api/user/set-other-sessions-ended: signs out everywhere else.
public enum SetOtherSessionsEnded: Endpoint {
  public static var route: String { "/api/user/set-other-sessions-ended" }
  public static let declaration = Declaration(
    .patch, route, "Ends all sessions of the caller's account but the caller's own.", access: .session)

  public static func answer(_ call: inout Call) throws -> Bool {
    try SessionRules.endOthers(call.caller, &call.context)
    return true
  }
}

/// PATCH /api/user/reset-session-key: signs out everywhere.
public enum ResetSessionKey: Endpoint {
  public static var route: String { "/api/user/reset-session-key" }
  public static let declaration = Declaration(
    .patch, route,
    "Resets the session key of the caller's account. All of its sessions end, and its reset codes become invalid.",
    access: .session,
    parameters: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Bool {
    try NamedAccount.own(call)
    _ = try SessionRules.endAll(call.caller, &call.context)
    return true
  }
}
