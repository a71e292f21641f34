import DashboardRecords
public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

/// DELETE /api/user/delete-profile: removes a profile that is not the default one.
public enum DeleteProfile: Endpoint {
  static let isDefault = Exception(
    "invalid-profile", 409, "querystring profileid is the default profile", field: "profileid")

  public static var route: String { "/api/user/delete-profile" }
  public static let declaration = Declaration(
    .delete, route, "Removes a profile of the asker's account that is not its default.",
    access: .session,
    takes: [Named.profile.ownParameter],
    exceptions: [Named.profile.missing, isDefault, Named.profile.unknown, Named.profile.another])

  public static func answer(_ call: inout Call) throws -> Bool {
    let profile = try Named.profile.own(call)
    try call.changeOwn { change, account, _ in
      guard account.profileid != profile.profileid else { throw isDefault }
      guard let profile: Profile = try change.record(profile.profileid) else { throw Named.profile.unknown }
      try change.remove(profile, of: account)
    }
    return true
  }
}
