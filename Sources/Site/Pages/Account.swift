import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Page {
  /// The index: who I am, and what I can do.
  static let account: Page = Page("", .session, .accountTitle) { view in
    let account = try view.account
    return [
      try view.newDeviceNotice(), try view.wrongCodeNotice(),
      try view.factorsTakenNotice(),
      try view.descriptions(
        of: account,
        [
          (.accountSince, view.time(account.createdAt)),
          account.lastSignedInAt.map { (.lastSignIn, view.time($0)) },
          (.twoFactorTitle, view.words(account.hasSecondFactor ? .twoFactorOn : .twoFactorOff)),
        ]),
      view.group(.signingIn, [.changeUsername, .changePassword, .twoFactor, .resetCodes]),
      try view.call(ResetCodesCount.self) == 0 ? view.paragraph(.noResetCodes) : [],
      view.group(.security, [.activity, .sessions, .endAllSessions, .signOut]),
      view.group(.personal, [.profiles, .export]), view.group(.ending, [.deleteAccount]),
    ]
  }
}

extension View {
  /// The role of an account; `nil` if it has none.
  func role(of account: Account) -> Text? {
    account.isOwner ? .roleOwner : account.isAdministrator ? .roleAdministrator : nil
  }

  /// Who an account is, and more terms with their descriptions.
  func descriptions(of account: Account, _ more: [(Text, HTML)?]) throws -> HTML {
    let terms = [
      try name(of: account).map { (words(.name), typed($0)) },
      username(of: account).map { (.text(language.label("username") ?? ""), typed($0)) },
      (words(.accountID), .text("\(account.accountid)")),
      role(of: account).map { (words(.role), words($0)) },
    ]
    return descriptions((terms + more.map { $0.map { (words($0.0), $0.1) } }).compactMap(\.self))
  }

  /// The username of an account; `nil` if the site keeps none, or none yet.
  func username(of account: Account) -> String? { call.context.app.username(of: account) }

  /// A heading with links to pages.
  fileprivate func group(_ heading: Text, _ pages: [Page]) -> HTML {
    [.tag("h2", [:], words(heading)), actions(pages.map { link($0.path, $0.title) })]
  }
}
