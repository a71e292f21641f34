import DashboardEndpoints
import DashboardHTML
import DashboardRecords
import DashboardRouting

extension Page {
  static let profiles: Page = Page("profiles", .session, .profilesTitle, lead: .profilesLead) { view in
    let profiles = try view.call(Profiles.self)
    return [
      profiles.isEmpty ? view.paragraph(.noProfiles) : [],
      view.actions(
        try profiles.map { profile in
          view.link(.profile, "profileid", profile.profileid, try view.name(of: profile))
        }), view.paging(), view.actions([view.link(Page.createProfile.path, .createProfileTitle)]),
    ]
  }

  static let profile: Page = Page("profile", .session, .profileTitle) { view in
    let profile = try view.call(ReadProfile.self)
    let isDefault = try view.account.profileid == profile.profileid
    func link(_ page: Page, _ text: Text) -> HTML {
      view.link(page, "profileid", profile.profileid, view.words(text))
    }
    return [
      view.descriptions(of: profile), isDefault ? view.paragraph(.defaultStays) : [],
      view.actions(
        [link(.editProfile, .editProfileTitle)]
          + (isDefault
            ? [] : [link(.setDefaultProfile, .setDefaultTitle), link(.deleteProfile, .deleteProfileTitle)])
          + [view.link(Page.profiles.path, .back)]),
    ]
  }

  static let createProfile: Page = Page(
    "create-profile", .session, .createProfileTitle,
    form: PageForm(
      CreateProfile.self, submit: .createProfileSubmit,
      fields: { Field.profile($0.configuration.profileFields) + [Field("default", .checkbox)] }
    ) { _, _ in .go(Page.profiles.path, .profileSaved) })

  static let editProfile: Page = Page(
    "edit-profile", .session, .editProfileTitle,
    form: PageForm(
      UpdateProfile.self, submit: .editProfileSubmit,
      fields: { view in
        var view = view
        let values = (try? view.call(ReadProfile.self))?.values ?? [:]
        return Field.profile(view.configuration.profileFields, values: values)
      }
    ) { _, _ in .go(Page.profiles.path, .profileSaved) }
  ) { view in
    // Says that it does not exist, before a form is shown.
    _ = try view.call(ReadProfile.self)
    return []
  }

  static let setDefaultProfile: Page = Page(
    "set-default-profile", .session, .setDefaultTitle, lead: .setDefaultLead,
    form: PageForm(SetAccountProfile.declaration, submit: .setDefaultSubmit) { view in
      if let id = view.call.query["profileid"] { view.call.posted.set("profileid", id) }
      _ = try view.call(SetAccountProfile.self)
      return .go(Page.profiles.path, .profileUsed)
    },
    content: { $0.descriptions(of: try $0.call(ReadProfile.self)) })

  static let deleteProfile: Page = Page(
    "delete-profile", .session, .deleteProfileTitle, lead: .deleteProfileLead,
    form: PageForm(DeleteProfile.declaration, submit: .deleteProfileSubmit, isDangerous: true) { view in
      try view.call(DeleteProfile.self) { exception, _ in exception.status == 404 }
      return .go(Page.profiles.path, .profileRemoved)
    },
    content: { $0.descriptions(of: try $0.call(ReadProfile.self)) })
}

extension View {
  /// - Parameter owner: the account of the profile, as administrators see it; `nil` for one's own.
  func descriptions(of profile: Profile, owner: HTML? = nil) -> HTML {
    descriptions(
      (owner.map { [(words(.accountOfRecord), $0)] } ?? [])
        + ProfileField.allCases.compactMap { field in
          profile.values[field].map { (.text(language.label(field.name) ?? field.name), typed($0)) }
        })
  }

  /// The words by which a person recognises a profile.
  func words(of profile: Profile) -> HTML {
    typed(ProfileField.allCases.lazy.compactMap { profile.values[$0] }.first ?? "\(profile.profileid)")
  }

  fileprivate func name(of profile: Profile) throws -> HTML {
    let isDefault = try account.profileid == profile.profileid
    return isDefault ? line(words(of: profile), words(.defaultProfile)) : words(of: profile)
  }

  /// The name in the profile that an account uses; `nil` if it has none.
  func name(of account: Account) throws -> String? {
    guard let id = account.profileid else { return nil }
    let profile: Profile? = try call.read { try $0.record(id) }
    return profile?.values[.displayName] ?? profile?.values[.fullName]
  }
}
