import DashboardAccounts
import DashboardEndpoints

private let currentPassword = Field("password", .password, autocomplete: "current-password")
private let newPassword = Field("new-password", .password, autocomplete: "new-password")

extension Page {
  static let changeUsername: Page = Page(
    "change-username", .session, .changeUsernameTitle, lead: .changeUsernameLead,
    form: PageForm(
      SetAccountUsername.declaration, submit: .changeUsernameSubmit,
      fields: { _ in [Field("new-username", .username, autocomplete: "username"), currentPassword] }
    ) { view in
      try view.call(SetAccountUsername.self) { exception, view in
        guard exception.code == "duplicate-username", let name = view.call.posted["new-username"] else {
          return false
        }
        return try UsernameRules.isRepeated(view.call.caller, view.call.context, username: name)
      }
      return .go(Page.account.path, .usernameChanged)
    }.askingForBoth())

  static let changePassword: Page = Page(
    "change-password", .session, .changePasswordTitle, lead: .changePasswordLead,
    form: PageForm(
      SetAccountPassword.declaration, submit: .changePasswordSubmit,
      fields: { _ in [currentPassword, newPassword] }
    ) { view in
      try view.call(SetAccountPassword.self) { exception, view in
        guard exception.status == 401, let new = view.call.posted["new-password"] else { return false }
        return try PasswordRules.isRepeated(view.call.caller, &view.call.context, new: new)
      }
      return .go(Page.account.path, .passwordChanged)
    }.askingForBoth())

  static let resetAccount: Page = Page(
    "reset-account", .open, .resetAccountTitle, lead: .resetAccountLead,
    form: PageForm(
      ResetAccountPassword.declaration, submit: .resetAccountSubmit,
      fields: { view in
        [Field("username", .username, autocomplete: "username"), Field("secret-code", .code), newPassword]
          + view.factorFieldsOfNamed
      }
    ) { view in
      try view.call(ResetAccountPassword.self) { exception, view in
        guard exception.status == 401, let username = view.call.posted["username"],
          let new = view.call.posted["new-password"]
        else { return false }
        return try ResetCodeRules.isRepeated(
          view.call.caller, &view.call.context, username: username, newPassword: new)
      }
      return .go(view.way(to: .signIn), .passwordReset)
    },
    alternatives: { [$0.alternative(.signIn, .signInTitle), $0.alternative(.restoreAccount, .restoreLink)] })
}
