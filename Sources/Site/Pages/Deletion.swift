import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Page {
  static let deleteAccount: Page = Page(
    "delete-account", .session, .deleteAccountTitle,
    form: PageForm(
      SetAccountDeleted.self, submit: .deleteAccountSubmit, isDangerous: true,
      Field("password", .password, autocomplete: "current-password")
    ) { account, view in
      view.deletion(of: account)
    }.askingForBoth().endingItsSession { ended, view in
      Deletion.isScheduledByHolder(ended.account) ? view.deletion(of: ended.account) : nil
    }
  ) { view in
    let days = view.configuration.deleteDelay
    return days == 0
      ? view.paragraph(.deleteAccountAtOnceLead)
      : view.paragraph(.deleteAccountLead, ["days": view.language.duration(seconds: days * 86_400)])
  }

  static let restoreAccount: Page = Page(
    "restore-account", .open, .restoreTitle, lead: .restoreLead,
    form: PageForm(
      ResetAccountDeleted.declaration, submit: .restoreSubmit,
      fields: { view in
        [
          Field("username", .username, autocomplete: "username"),
          Field("password", .password, autocomplete: "current-password"),
        ] + view.factorFieldsOfNamed
      }
    ) { view in
      try view.call(ResetAccountDeleted.self) { exception, view in
        guard exception.status == 409, let username = view.call.posted["username"] else { return false }
        return try Deletion.isCancelled(view.call.context, username: username)
      }
      return .go(view.way(to: .signIn), .restored)
    })
}

extension View {
  /// Says what follows the deletion that a person has asked for.
  fileprivate func deletion(of account: Account) -> Outcome {
    if configuration.deleteDelay == 0 {
      return .show(title: .deletedAtOnceTitle, paragraph(.deletedAtOnce))
    }
    return .show(
      title: .deletedTitle,
      [
        paragraph(.deletedUntil, ["time": account.deletedAt.map(language.time) ?? ""]),
        paragraph(.deletedCancel), actions([link(Page.restoreAccount.path, .restoreTitle)]),
      ])
  }
}
