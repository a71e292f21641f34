import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Administration {
  static let profiles = list("profiles", .allProfilesTitle, Administrator.Profiles.self) { view, profile in
    view.line(profile, is: try view.owner(profile).profileid == profile.profileid)
  }

  static let accountProfiles = list(
    "account-profiles", .accountProfilesTitle, Administrator.Profiles.self, isOfAccount: true
  ) { view, profile in view.line(profile, is: try view.owner(profile).profileid == profile.profileid) }

  static let profile: Page = Page("profile", .administrator, .profileTitle) { view in
    let profile = try view.call(Administrator.ReadProfile.self)
    let owner = try view.owner(profile)
    let list = View.path(accountProfiles, accountField, owner.accountid)
    return [
      view.descriptions(of: profile, owner: try view.link(to: owner)),
      view.actions([view.link(view.back ?? list, .back)]),
    ]
  }
}

extension View {
  fileprivate func line(_ profile: Profile, is isUsed: Bool) -> HTML {
    return element(
      Administration.profile, "profileid", profile.profileid,
      line(words(of: profile), listed([isUsed ? words(.defaultProfile) : nil, time(profile.createdAt)])))
  }
}
