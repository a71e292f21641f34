public import Routing
public import WireFormat

/// GET /api/user/sessions-count: how many sessions the asker's account has, living and ended.
public enum SessionsCount: Endpoint {
  public static let declaration = Declaration(
    .get, "/api/user/sessions-count", "Counts the sessions of the asker's account, living and ended.",
    access: .session,
    takes: [OwnAccount.parameter],
    exceptions: OwnAccount.exceptions,
    returns: "integer",
    example: "2")

  public static func answer(_ call: inout Call) throws -> Int {
    Int(clamping: try OwnAccount.find(call).sessionCount)
  }
}
