public import Accounts
public import Routing
public import WireFormat

/// GET /api/user/sessions: the sessions of the asker's account, newest first.
public enum Sessions: Endpoint {
  public static let declaration = Declaration(
    .get, "/api/user/sessions", "Lists the sessions of the asker's account, living and ended, newest first.",
    access: .session,
    takes: [OwnAccount.parameter] + Paging.parameters,
    exceptions: OwnAccount.exceptions + Paging.exceptions,
    returns: "array of session",
    example: "[\(Example.session)]")

  public static func answer(_ call: inout Call) throws -> [Session] {
    let account = try OwnAccount.find(call)
    let paging = try call.paging()
    let after = try paging.after.map { text in
      let named = try SessionID(text[...]).flatMap { id in try call.read { try $0.session(id) } }
      guard let named, named.accountid == account.accountid else { throw Paging.invalidAfter }
      return named
    }
    let part = try paging.collect(after: after) { after, offset, limit in
      try call.read { try $0.sessions(of: account, after: after, offset: offset, limit: limit) }
    }
    call.list(
      paging, total: Int(clamping: account.sessionCount), filter: ("accountid", "\(account.accountid)"),
      continuesAfter: part.isContinued ? part.elements.last.map { "\($0.sessionid)" } : nil)
    let now = call.now
    return part.elements.map { $0.seen(at: now, account: account) }
  }
}
