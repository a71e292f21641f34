import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRouting

extension Page {
  static let signIn: Page = Page(
    "signin", .open, .signInTitle, lead: .signInLead,
    form: PageForm(
      CreateSession.self, submit: .signInSubmit, Field("username", .username, autocomplete: "username"),
      Field("password", .password, autocomplete: "current-password"),
      Field(
        "remember",
        .choice([("minutes", .rememberMinutes), ("hours", .rememberHours), ("days", .rememberDays)]))
    ) { _, view in .go(view.returnPath) },
    alternatives: { view in
      (view.call.mayRegister(view.visit) ? [view.alternative(.register, .registerLink)] : [])
        + [
          view.alternative(.resetAccount, .forgotPassword),
          view.alternative(.restoreAccount, .restoreLink),
        ]
    })

  static let signOut: Page = Page(
    "signout", .open, .signOutTitle, lead: .signOutLead,
    form: PageForm(SetCurrentSessionEnded.declaration, submit: .signOutSubmit) { view in
      // A second click finds the session ended.
      if view.call.caller.signedIn != nil { _ = try view.call(SetCurrentSessionEnded.self) }
      return .go(Page.signIn.path, .signedOut)
    })

  static let verify: Page = Page(
    "verify", .session, .verifyTitle, lead: .verifyLead,
    form: PageForm(
      SetSessionVerified.declaration, submit: .verifySubmit,
      fields: { _ in [Field("password", .password, autocomplete: "current-password")] }
    ) { view in
      guard let password = view.call.posted["password"] else {
        throw Exception("invalid-password", 400, "missing", field: "password")
      }
      _ = try Verification.verify(view.call.caller, &view.call.context, password: password)
      return .go(view.returnPath)
    })
}
