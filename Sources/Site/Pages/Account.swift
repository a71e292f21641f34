import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Page {
  /// The index: who I am, and what I can do.
  static let account: Page = Page("", .session, .accountTitle) { view in
    let account = try view.account
    let name = try view.profileName()
    let role: Text? = account.isOwner ? .roleOwner : account.isAdministrator ? .roleAdministrator : nil
    return [
      view.descriptions(
        [
          name.map { (.name, view.typed($0)) }, (.accountID, .text("\(account.accountid)")),
          role.map { (.role, view.words($0)) }, (.accountSince, view.time(account.createdAt)),
          account.lastSignedInAt.map { (.lastSignIn, view.time($0)) },
        ].compactMap { $0 }),
      view.group(.signingIn, [.changeUsername, .changePassword, .resetCodes]),
      try view.call(ResetCodesCount.self) == 0 ? view.paragraph(.noResetCodes) : [],
      view.group(.security, [.sessions, .endAllSessions, .signOut]),
      view.group(.personal, [.profiles]), view.group(.ending, [.deleteAccount]),
    ]
  }
}

extension View {
  /// The name in the profile that is used; `nil` if it has none.
  fileprivate func profileName() throws -> String? {
    guard let id = try account.profileid else { return nil }
    let profile: Profile? = try call.read { try $0.record(id) }
    return profile?.values[.displayName] ?? profile?.values[.fullName]
  }

  /// A heading with links to pages.
  fileprivate func group(_ heading: Text, _ pages: [Page]) -> HTML {
    [.tag("h2", [:], words(heading)), actions(pages.map { link($0.path, $0.title) })]
  }
}
