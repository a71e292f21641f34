import Accounts
import Routing

/// The session that querystring sessionid names, which must be one of the asker's account.
enum OwnSession {
  static let parameter = Declaration.Parameter.required(
    .querystring, "sessionid", "a session of the asker's account")
  static let missing = Exception(
    "invalid-sessionid", 400, "missing querystring sessionid", field: "sessionid")
  static let unknown = Exception(
    "invalid-sessionid", 404, "invalid querystring sessionid", field: "sessionid")
  static let another = Exception(
    "invalid-account", 403, "ineligible querystring sessionid", field: "sessionid")
  static let exceptions = [missing, unknown, another]

  /// The session as it is now, living or ended.
  static func find(_ call: Call) throws -> Session {
    guard let text = call.query["sessionid"] else { throw missing }
    let asker = try call.asker
    let session = try SessionID(text).flatMap { id in try call.read { try $0.session(id) } }
    guard let session else { throw unknown }
    guard session.accountid == asker.account.accountid else { throw another }
    return session.seen(at: call.now, account: asker.account)
  }
}
