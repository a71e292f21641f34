import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardQRCode
import DashboardRecords
import DashboardRouting
import DashboardWireFormat

/// Setting up second factors, and taking them away.
extension Page {
  static let twoFactor: Page = Page(
    "two-factor", .session.withoutFactor, .twoFactorTitle, lead: .twoFactorLead
  ) { view in
    let factors = FactorChanges.shown(try view.account, view.call.context)
    let app: [HTML] =
      factors.totpSince == nil
      ? [view.alternative(.setUpAuthenticator)]
      : [
        view.alternative(.setUpAuthenticator, .authenticatorReplace),
        view.alternative(.removeAuthenticator),
      ]
    return [
      factors.isRequired && !factors.isEnrolled ? view.paragraph(.twoFactorRequired) : [],
      view.descriptions([(.state, view.words(factors.isEnrolled ? .twoFactorOn : .twoFactorOff))]),
      .tag("h2", [:], view.words(.authenticatorTitle)),
      factors.totpSince.map { view.descriptions([(.authenticatorSince, view.time($0))]) }
        ?? view.paragraph(.authenticatorNone),
      view.actions(app), try view.passkeys(),
      factors.isEnrolled ? view.recovery(factors) : [],
      view.actions(
        // Other pages would lead here again.
        factors.isRequired && !factors.isEnrolled
          ? [] : [view.link(view.back ?? Page.account.path, view.back == nil ? .back : .verifySubmit)]),
    ]
  }

  static let setUpAuthenticator: Page = Page(
    "set-up-authenticator-app", .freshSession.withoutFactor, .authenticatorSetUpTitle,
    lead: .authenticatorBeginLead,
    form: PageForm(CreateTOTP.self, submit: .authenticatorBegin) { _, view in
      .go(view.way(to: .confirmAuthenticator))
    },
    content: { view in
      view.hasAuthenticator ? view.paragraph(.authenticatorFormer) : []
    },
    alternatives: { [$0.alternative(.twoFactor, .back)] })

  static let confirmAuthenticator: Page = Page(
    "confirm-authenticator-app", .freshSession.withoutFactor, .authenticatorSetUpTitle,
    lead: .authenticatorScan,
    form: PageForm(
      SetTOTPConfirmed.self, submit: .authenticatorSubmit, .secondFactor(isRequired: true, isDigits: true),
      .code
    ) { factors, view in
      factors.recoveryCodes.isEmpty
        ? .go(view.way(to: .twoFactor), .authenticatorAdded) : view.shown(factors.recoveryCodes)
    },
    content: { view in
      guard let secret = try view.proposedSecret() else { return [] }
      return [
        QRCode(secret.uri).map { $0.svg(label: view.language.text(.authenticatorPicture)) } ?? [],
        view.descriptions([(.authenticatorKey, .tag("code", [:], .text(View.grouped(secret.secret))))]),
        view.actions([view.link(secret.uri, .authenticatorOpen)]),
      ]
    },
    alternatives: { [$0.alternative(.twoFactor, .back)] }
  ) { view in
    guard (try? view.proposedSecret()) == nil else { return nil }
    return Location(view.way(to: .setUpAuthenticator)).map { Draft(seeOther: $0) }
  }

  static let removeAuthenticator: Page = Page(
    "remove-authenticator-app", .freshSession, .authenticatorRemoveTitle, lead: .authenticatorRemoveLead,
    form: PageForm(
      DeleteTOTP.declaration, submit: .authenticatorRemoveSubmit, isDangerous: true,
      isOpen: { view in view.hasAuthenticator && view.mayRemove { $0.passkeys == 0 } }
    ) { view in
      try view.call(DeleteTOTP.self) { exception, _ in exception.answers(FactorError.noAuthenticator) }
      return .go(view.way(to: .twoFactor), .authenticatorRemoved)
    },
    content: { view in
      try view.hasAuthenticator
        ? view.lastFactor { $0.passkeys == 0 } : view.paragraph(.authenticatorNone)
    },
    alternatives: { [$0.alternative(.twoFactor, .back)] })

  static let createRecoveryCodes: Page = Page(
    "create-recovery-codes", .freshSession, .recoveryNewTitle, lead: .recoveryNewLead,
    form: PageForm(
      CreateRecoveryCodes.declaration, submit: .recoveryNewSubmit, fields: { _ in [.code] },
      isOpen: { $0.hasSecondFactor }
    ) { view in
      let codes = try view.call(CreateRecoveryCodes.self).recoveryCodes
      // Other codes have replaced those of the form.
      return codes.isEmpty ? .go(view.way(to: .twoFactor), .codesReplaced) : view.shown(codes)
    },
    content: { view in view.hasSecondFactor ? [] : view.paragraph(.recoveryNeedsFactor) },
    alternatives: { [$0.alternative(.twoFactor, .back)] })

  /// Tells of wrong codes that followed the right password, and takes note of them.
  static let wrongCode: Page = Page(
    "wrong-code", .session, .wrongCodeTitle,
    form: PageForm(
      Declaration(.patch, Wing.account.path("wrong-code"), "Takes note of wrong codes.", access: .session),
      submit: .wrongCodeSubmit, isOpen: { (try? $0.account.factors?.unnoticedWrongCode) != nil }
    ) { view in
      try FactorChanges.takeNote(view.call.caller, view.call.context)
      return .go(Page.account.path)
    }
  ) { view in
    let time = try view.account.factors?.unnoticedWrongCode
    return time.map { view.paragraph(.wrongCodeLead, ["time": view.language.time($0)]) }
      ?? view.paragraph(.wrongCodeNone)
  } alternatives: { view in
    [Page.changePassword, .endAllSessions, .activity].map { view.link($0.path, $0.title) }
  }
}

extension View {
  /// The secret of the authenticator app that waits for its first code; `nil` if none does.
  fileprivate func proposedSecret() throws -> AuthenticatorSecret? {
    FactorChanges.proposed(
      of: try account, by: try call.signedIn.session, call.context, label: try name(of: account))
  }

  fileprivate func recovery(_ factors: SecondFactors) -> HTML {
    [
      .tag("h2", [:], words(.recoveryTitle)), paragraph(.recoveryLead),
      descriptions([(.recoveryLeft, .text(language.number(factors.recoveryCodesLeft)))]),
      actions([alternative(.createRecoveryCodes)]),
    ]
  }

  /// Says what goes with the last second factor.
  ///
  /// - Parameter isLast: true if the account has no other one than that to be removed.
  func lastFactor(_ isLast: (Factors) -> Bool) throws -> HTML {
    guard try account.factors.map(isLast) == true else { return [] }
    return paragraph(try call.context.requiresFactor(of: account) ? .problemLastFactor : .lastFactorLead)
  }

  /// False if the form for removing a factor can only refuse.
  ///
  /// - Parameter isLast: true if the account has no other factor than that to be removed.
  func mayRemove(_ isLast: (Factors) -> Bool) -> Bool {
    guard let account = call.caller.signedIn?.account else { return false }
    return account.factors.map(isLast) != true || !call.context.requiresFactor(of: account)
  }

  fileprivate var hasAuthenticator: Bool { call.caller.signedIn?.account.factors?.authenticator != nil }

  /// Recovery codes, in the answer itself, because they are shown only once. A print says what they are for.
  func shown(_ codes: [String]) -> Outcome {
    let site = configuration.site.name ?? "\(call.context.app.name)"
    let account = call.caller.signedIn?.account
    let holder = account.flatMap { username(of: $0) ?? (try? name(of: $0)) ?? "\($0.accountid)" } ?? ""
    let day = language.date(call.now)
    let lines = ["\(site): \(language.text(.recoveryTitle))", visit.url, holder, day, ""] + codes
    let file = lines.map { "\($0)\n" }.joined()
    return .show(
      title: .recoveryShownTitle,
      [
        paragraph(.recoveryShownLead),
        .tag("p", [:], listed([typed(site), .text(visit.url), typed(holder), .text(day)])),
        .tag(
          "ul", ["class": "codes"], .sequence(codes.map { .tag("li", [:], .tag("code", [:], .text($0))) })),
        actions(
          [
            .tag(
              "a",
              [
                "href": "data:text/plain;charset=utf-8,\(PercentEncoding.encode(Array(file.utf8)[...]))",
                "download": "recovery-codes.txt",
              ], words(.recoverySave)), alternative(.twoFactor),
          ] + (back.map { [link($0, .verifySubmit)] } ?? [])),
      ])
  }

  /// Tells of wrong codes, until the account's holder takes note.
  func wrongCodeNotice() throws -> HTML {
    try account.factors?.unnoticedWrongCode == nil
      ? []
      : .tag(
        "p", ["class": "alert", "role": "status"], words(.wrongCodeNotice), " ",
        link(Page.wrongCode.path, .wrongCodeLink))
  }

  /// Tells that others took the account's second factors away, since they can have been deceived.
  func factorsTakenNotice() throws -> HTML {
    try FactorChanges.wereTaken(call.context, from: account)
      ? .tag(
        "p", ["class": "alert", "role": "status"], words(.factorsTakenNotice), " ",
        link(Page.changePassword.path, Page.changePassword.title))
      : []
  }

  /// A secret in groups of four letters, as people read them.
  fileprivate static func grouped(_ secret: String) -> String {
    let letters = Array(secret)
    return stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<min($0 + 4, letters.count)]) }
      .joined(separator: " ")
  }
}
