import DashboardEndpoints

private let currentPassword = Field("password", .password, autocomplete: "current-password")

extension Page {
  static let changeUsername: Page = Page(
    "change-username", .session, .changeUsernameTitle, lead: .changeUsernameLead,
    form: PageForm(
      SetAccountUsername.self, submit: .changeUsernameSubmit,
      Field("new-username", .username, autocomplete: "username"), currentPassword
    ) { _, _ in .go(Page.root, .usernameChanged) })

  static let changePassword: Page = Page(
    "change-password", .session, .changePasswordTitle, lead: .changePasswordLead,
    form: PageForm(
      SetAccountPassword.self, submit: .changePasswordSubmit, currentPassword,
      Field("new-password", .password, autocomplete: "new-password")
    ) { _, _ in .go(Page.root, .passwordChanged) })

  static let resetAccount: Page = Page(
    "reset-account", .open, .resetAccountTitle, lead: .resetAccountLead,
    form: PageForm(
      ResetAccountPassword.self, submit: .resetAccountSubmit,
      Field("username", .username, autocomplete: "username"), Field("secret-code", .code),
      Field("new-password", .password, autocomplete: "new-password")
    ) { _, _ in .go(Page.signIn.path, .passwordReset) })
}
