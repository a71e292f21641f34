import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords
import DashboardRouting

extension Page {
  static let signIn: Page = Page(
    "signin", .open, .signInTitle, lead: .signInLead,
    form: PageForm(
      CreateSession.declaration, submit: .signInSubmit,
      fields: { _ in
        [
          Field("username", .username, autocomplete: "username"),
          Field("password", .password, autocomplete: "current-password"),
          .remember,
        ]
      }
    ) { view in
      do {
        _ = try view.call(CreateSession.self)
        return .go(view.returnPath)
      } catch let exception as Exception where exception.answers(FactorError.required([])) {
        return .go(view.way(to: .secondStep))
      }
    },
    alternatives: { view in
      (view.mayUsePasskeys ? [view.alternative(.signInByPasskey)] : [])
        + (view.call.mayRegister(view.visit) ? [view.alternative(.register, .registerLink)] : [])
        + [
          view.alternative(.resetAccount, .forgotPassword),
          view.alternative(.restoreAccount, .restoreLink),
        ]
    })

  /// The second factor of a sign-in whose password was right.
  static let secondStep: Page = Page(
    "second-step", .open, .secondStepTitle,
    form: PageForm(
      CreateSession.declaration, submit: .secondStepSubmit,
      fields: { view in
        let waiting = try? Passkeys.waitingAccount(view.visit.browser, view.call.context)
        let fields = view.factorFields(of: waiting, isAlone: true)
        if fields.isEmpty { return [.secondFactor(isRequired: true)] }
        // A code is then the exception.
        return waiting?.factors?.authenticator == nil ? fields.reversed() : fields
      }
    ) { view in
      for name in ["username", "password"] { view.call.posted.remove(name) }
      if view.call.posted["credential"] != nil { view.call.posted.remove(Field.factorName) }
      if try SignIn.awaited(by: view.call.caller.pendingSignIn, view.call.context) == nil {
        return try view.afterSecondStep()
      }
      guard view.call.posted[Field.factorName] != nil || view.call.posted["credential"] != nil else {
        throw Exception("invalid-code", 400, "missing", field: Field.factorName)
      }
      do {
        return view.signedIn(by: try view.call(CreateSession.self).methods)
      } catch let exception as Exception where exception.answers(FactorError.expired) {
        return try view.afterSecondStep()
      }
    },
    content: { view in
      let kinds = try Passkeys.waitingAccount(view.visit.browser, view.call.context)?.factors?.kinds ?? []
      let lead: Text =
        switch (kinds.contains(.totp), kinds.contains(.passkey), view.mayUsePasskeys) {
        case (true, true, true): .secondStepLeadAny
        case (false, true, true): .secondStepLeadPasskey
        case (false, true, false): .secondStepLeadRecovery
        default: .secondStepLead
        }
      return view.paragraph(lead)
    },
    alternatives: { view in
      let waiting = try? Passkeys.waitingAccount(view.visit.browser, view.call.context)
      // It also works after too many wrong codes.
      let alone = (waiting?.factors?.passkeys ?? 0) > 0 && view.mayUsePasskeys
      return (alone ? [view.alternative(.signInByPasskey)] : [])
        + [view.words(.secondStepLost), view.alternative(.signIn, .secondStepAgain)]
    }
  ) { view in
    let isWaiting = try? SignIn.awaited(by: view.visit.browser.pendingSignIn, view.call.context) != nil
    guard isWaiting == false else { return nil }
    let path =
      view.call.caller.signedIn == nil ? Notice.signInFirst.added(to: view.way(to: .signIn)) : view.returnPath
    return Location(path).map { Draft(seeOther: $0) }
  }

  static let signOut: Page = Page(
    "signout", .open, .signOutTitle, lead: .signOutLead,
    form: PageForm(SetCurrentSessionEnded.declaration, submit: .signOutSubmit) { view in
      // A second click finds the session ended.
      if view.call.caller.signedIn != nil { _ = try view.call(SetCurrentSessionEnded.self) }
      return .go(Page.signIn.path, .signedOut)
    })

  static let verify: Page = Page(
    "verify", .session.withoutFactor, .verifyTitle,
    form: PageForm(
      SetSessionVerified.declaration, submit: .verifySubmit,
      fields: { view in
        [Field("password", .password, autocomplete: "current-password")]
          + view.factorFields(of: view.call.caller.signedIn?.account, isAlone: true)
      }
    ) { view in
      guard view.call.posted["password"] != nil || view.call.posted["credential"] != nil else {
        throw Exception("invalid-password", 400, "missing", field: "password")
      }
      // A second click finds the session verified.
      if try Verification.isRepeated(view.call.caller, view.call.context) { return .go(view.returnPath) }
      _ = try view.prove(view.call.posted["password"])
      return .go(view.returnPath)
    },
    content: { $0.paragraph($0.proofLead(needsPassword: false)) })
}

extension View {
  /// Where a second step leads whose sign-in no longer waits: a second click leads to the first one's result.
  fileprivate func afterSecondStep() throws -> Outcome {
    try SignIn.completed(call.caller, call.context).map(signedIn(by:))
      ?? .go(way(to: .signIn), .signInExpired)
  }

  fileprivate func signedIn(by methods: AuthenticationMethods) -> Outcome {
    .go(returnPath, methods.contains(.recoveryCode) ? .recoveryCodeUsed : nil)
  }

  /// True if the caller's account has a second factor.
  var hasSecondFactor: Bool { call.caller.signedIn?.account.hasSecondFactor ?? false }
}

extension Field {
  static let remember = Field(
    "remember", .choice([("minutes", .rememberMinutes), ("hours", .rememberHours), ("days", .rememberDays)]))
}
