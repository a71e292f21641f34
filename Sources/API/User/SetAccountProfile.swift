public import DashboardRecords
public import DashboardRouting
import DashboardStore

/// PATCH /api/user/set-account-profile: another default profile.
public enum SetAccountProfile: Endpoint {
  static let parameter = Declaration.Parameter.required(
    .posted, "profileid", "a profile of the asker's account")
  static let missing = Exception("invalid-profileid", 400, "missing posted profileid", field: "profileid")
  static let unknown = Exception("invalid-profileid", 404, "invalid posted profileid", field: "profileid")
  static let another = Exception("invalid-account", 403, "ineligible posted profileid", field: "profileid")

  public static var route: String { "/api/user/set-account-profile" }
  public static let declaration = Declaration(
    .patch, route, "Makes a profile the default one of the asker's account.",
    access: .session,
    takes: [NamedAccount.ownParameter, parameter],
    exceptions: NamedAccount.ownExceptions + [missing, unknown, another])

  public static var example: Account {
    .example { account, _ in account.profileid = Profile.example.profileid }
  }

  public static func answer(_ call: inout Call) throws -> Account {
    try NamedAccount.own(call)
    guard let text = call.posted["profileid"] else { throw missing }
    guard let id = ProfileID(text) else { throw unknown }
    return try call.changeOwn { change, account, now in
      guard let profile: Profile = try change.record(id) else { throw unknown }
      guard profile.accountid == account.accountid else { throw another }
      var account = account
      account.profileid = id
      account.updatedAt = now
      try change.update(account)
      return account
    }
  }
}
