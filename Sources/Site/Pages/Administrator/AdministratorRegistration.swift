import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Administration {
  /// Makes an account for another person, and shows its code once.
  static let createAccount: Page = Page(
    "create-account", .administrator, .makeAccountTitle, lead: .makeAccountLead,
    form: PageForm(
      Administrator.CreateAccount.self, submit: .makeAccountSubmit, Field("username", .username),
      Field("groups", .username), Field("days", .number) { _ in "\(Registration.usualDays)" }, .code
    ) { account, view in
      let isShown = view.isShown(account.createdAt)
      return .show(
        title: .madeAccountTitle,
        [
          view.paragraph(isShown ? .madeAccountLead : .madeAccountAlready),
          isShown ? view.secret(account.secretCode ?? "") : [],
          view.descriptions(
            [
              (.text(view.language.label("username") ?? ""), view.typed(view.posted("username") ?? "")),
              (view.words(.choosePasswordAt), view.address(of: .resetAccount)),
            ]),
          try view.descriptions(of: account),
          view.actions([
            view.link(Administration.account, accountField, account.accountid, view.words(.anyAccountTitle)),
            view.link(accounts.path, .back),
          ]),
        ])
    })
}
