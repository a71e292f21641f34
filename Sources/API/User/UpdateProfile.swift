public import DashboardRecords
public import DashboardRouting
import DashboardStore

/// PATCH /api/user/update-profile: other values for a profile.
public enum UpdateProfile: Endpoint {
  public static var route: String { "/api/user/update-profile" }
  public static let declaration = Declaration(
    .patch, route, "Changes the fields of a profile of the asker's account.",
    access: .session,
    takes: [Named.profile.ownParameter] + ProfileForm.parameters,
    exceptions: Named.profile.ownExceptions + ProfileForm.exceptions,
    settings: ProfileForm.settings)

  public static func answer(_ call: inout Call) throws -> Profile {
    let profile = try Named.profile.own(call)
    let values = try ProfileForm.values(call)
    return try call.changeOwn { change, _, now in
      guard var profile: Profile = try change.record(profile.profileid) else { throw Named.profile.unknown }
      profile.values.merge(values) { $1 }
      profile.updatedAt = now
      try change.update(profile)
      return profile
    }
  }
}
