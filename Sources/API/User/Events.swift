import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

/// GET /api/user/events: what happened to the caller's account, newest first.
public enum Events: Endpoint {
  public static var route: String { "/api/user/events" }
  public static let declaration = Declaration.ownList(
    route, "Lists the last events of the caller's account, newest first. They are kept for 90 days.")

  public static func answer(_ call: inout Call) throws -> [AccountEvent] {
    try call.listEvents(of: NamedAccount.own(call), asAdministrator: false)
  }
}

extension Call {
  /// The events of one account, or of the whole app.
  mutating func listEvents(of account: Account?, asAdministrator isAdministrator: Bool) throws
    -> [AccountEvent]
  {
    let app = context.app
    return try list(.event, of: account) { _, event in event.seen(asAdministrator: isAdministrator, in: app) }
  }
}
