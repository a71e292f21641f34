import Accounts
import Routing

/// The account that querystring accountid names, which must be the asker's own.
enum OwnAccount {
  static let parameter = Declaration.Parameter.required(.querystring, "accountid", "the asker's own account")
  static let missing = Exception(
    "invalid-accountid", 400, "missing querystring accountid", field: "accountid")
  static let unknown = Exception(
    "invalid-accountid", 404, "invalid querystring accountid", field: "accountid")
  static let another = Exception(
    "invalid-account", 403, "ineligible querystring accountid", field: "accountid")
  static let exceptions = [missing, unknown, another]

  /// The account as it is now.
  static func find(_ call: Call) throws -> Account {
    guard let text = call.query["accountid"] else { throw missing }
    let asker = try call.asker
    let account = try AccountID(text).flatMap { id in try call.read { try $0.account(id) } }
    guard let account else { throw unknown }
    guard account.accountid == asker.account.accountid else { throw another }
    return account
  }
}
