import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Page {
  /// The index: who I am, and what I can do.
  static let account: Page = Page("", .session, .accountTitle) { view in
    let account = try view.account
    let name = try view.name(of: account)
    return [
      view.descriptions(
        [
          name.map { (.name, view.typed($0)) }, (.accountID, .text("\(account.accountid)")),
          view.role(of: account).map { (.role, view.words($0)) },
          (.accountSince, view.time(account.createdAt)),
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
  /// The role of an account; `nil` if it has none.
  func role(of account: Account) -> Text? {
    account.isOwner ? .roleOwner : account.isAdministrator ? .roleAdministrator : nil
  }

  /// A heading with links to pages.
  fileprivate func group(_ heading: Text, _ pages: [Page]) -> HTML {
    [.tag("h2", [:], words(heading)), actions(pages.map { link($0.path, $0.title) })]
  }
}
