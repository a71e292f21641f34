public import DashboardRecords
public import DashboardRouting
import DashboardStore

/// POST /api/user/create-profile: one more profile.
public enum CreateProfile: Endpoint {
  static let tooMany = Exception(
    "too-many-profiles", 409, "the account has as many profiles as MAXIMUM_RECORDS allows")

  public static var route: String { "/api/user/create-profile" }
  public static let declaration = Declaration(
    .post, route,
    "Creates a profile. The first one of an account becomes its default.",
    access: .session,
    takes: [NamedAccount.ownParameter] + ProfileForm.parameters + [
      .optional(.posted, "default", "true: it becomes the default profile")
    ],
    exceptions: NamedAccount.ownExceptions + ProfileForm.exceptions + [tooMany],
    settings: ProfileForm.settings + [.maximumRecords])

  public static func answer(_ call: inout Call) throws -> Profile {
    try NamedAccount.own(call)
    let values = try ProfileForm.values(call)
    let becomesDefault = call.posted["default"]?.isEqual(to: "true") ?? false
    let id = ProfileID(madeAt: call.moment, call.random)
    let most = call.configuration.maximumRecords
    return try call.changeOwn { change, account, now in
      guard try change.count(Profile.self, of: account) < most else { throw tooMany }
      let profile = Profile(
        profileid: try change.unused(id), appid: account.appid, accountid: account.accountid,
        sequence: try change.nextSequence(), values: values, createdAt: now)
      try change.add(profile, to: account)
      if becomesDefault || account.profileid == nil {
        var account = account
        account.profileid = profile.profileid
        account.updatedAt = now
        try change.update(account)
      }
      return profile
    }
  }
}
