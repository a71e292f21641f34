public import DashboardRecords
public import DashboardRouting
import DashboardStore

extension Administrator {
  /// PATCH /api/administrator/set-session-ended: ends a session of any account.
  public enum SetSessionEnded: Endpoint {
    static let owner = Exception(
      "invalid-account", 403, "the session is of the owner's account", field: "sessionid")

    public static var route: String { "/api/administrator/set-session-ended" }
    public static let declaration = Declaration(
      .patch, route, "Ends a session of any account.",
      access: .freshAdministrator,
      takes: [Named.session.parameter],
      exceptions: Named.session.exceptions + [owner, DashboardEndpoints.SetSessionEnded.alreadyEnded],
      settings: [.verificationDelay])

    public static var example: Session { .endedExample }

    public static func answer(_ call: inout Call) throws -> Session {
      let session = try Named.session.any(call)
      let unknown = Named.session.unknown
      let ended = try call.changeAny(session.accountid, unknown: unknown) { change, asker, account, now in
        if account.isOwner, account.accountid != asker.accountid { throw owner }
        return try DashboardEndpoints.SetSessionEnded.end(session, of: account, change, now)
      }
      call.note(.sessionEnded, ended.accountid)
      if try ended.sessionid == call.asker.session.sessionid { call.cookieEffect = .clear }
      return ended
    }
  }
}
