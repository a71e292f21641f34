import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords
import DashboardRouting

/// Signing in by a passkey, and an account's passkeys.
extension Page {
  static let signInByPasskey: Page = Page(
    "signin-passkey", .open, .passkeySignIn,
    form: PageForm(
      CreateSession.declaration, submit: .passkeySignIn,
      fields: { _ in [.passkey(.signIn), .remember] }, isOpen: { $0.mayUsePasskeys }
    ) { view in
      guard view.call.posted["credential"] != nil else { throw Page.missingCredential }
      for name in ["username", "password", Field.factorName] { view.call.posted.remove(name) }
      _ = try view.call(CreateSession.self)
      return .go(view.returnPath)
    },
    content: { $0.passkeyLead },
    alternatives: { [$0.alternative(.signIn, .passwordSignIn)] })

  static let passkey: Page = Page("passkey", .session, .passkeyTitle) { view in
    let passkey = try view.call(ReadPasskey.self)
    return [
      view.descriptions([
        (.name, view.typed(passkey.name)), (.passkeyMade, view.time(passkey.createdAt)),
        (.passkeyUsed, passkey.lastUsedAt.map(view.time) ?? view.words(.passkeyUnused)),
      ]),
      view.actions([
        view.link(.removePasskey, "passkeyid", passkey.passkeyid, view.words(.passkeyRemoveTitle)),
        view.link(Page.twoFactor.path, .back),
      ]),
    ]
  }

  static let addPasskey: Page = Page(
    "add-passkey", .freshSession.withoutFactor, .passkeyAddTitle,
    form: PageForm(
      CreatePasskey.declaration, submit: .passkeyAddSubmit,
      fields: { _ in
        [Field("passkey-name", hint: .passkeyNameHint) { $0.device(for: $0.visit) }, .passkey(.enrol), .code]
      },
      isOpen: { $0.mayUsePasskeys }
    ) { view in
      guard view.call.posted["credential"] != nil else { throw Page.missingCredential }
      let factors = try view.call(CreatePasskey.self)
      return factors.recoveryCodes.isEmpty
        ? .go(view.way(to: .twoFactor), .passkeyAdded) : view.shown(factors.recoveryCodes)
    },
    content: { $0.passkeyLead },
    alternatives: { [$0.alternative(.twoFactor, .back)] })

  static let removePasskey: Page = Page(
    "remove-passkey", .freshSession, .passkeyRemoveTitle, lead: .passkeyRemoveLead,
    form: PageForm(
      DeletePasskey.declaration, submit: .passkeyRemoveSubmit, isDangerous: true,
      isOpen: { view in view.mayRemove { $0.authenticator == nil && $0.passkeys == 1 } }
    ) { view in
      try view.call(DeletePasskey.self) { exception, _ in exception.answers(PasskeyError.unknown) }
      return .go(view.way(to: .twoFactor), .passkeyRemoved)
    },
    content: { view in
      [
        view.descriptions([(.name, view.typed(try view.call(ReadPasskey.self).name))]),
        try view.lastFactor { $0.authenticator == nil && $0.passkeys == 1 },
      ]
    },
    alternatives: { [$0.alternative(.twoFactor, .back)] })

  /// The form was sent without the script.
  private static let missingCredential = Exception("invalid-credential", 400, "missing posted credential")
}

extension View {
  /// The account's passkeys, and where to add one.
  func passkeys() throws -> HTML {
    let passkeys = try call.read { try $0.records(of: account, limit: Passkeys.most) as [Passkey] }
    return [
      .tag("h2", [:], words(.passkeysTitle)), paragraph(.passkeysLead),
      actions(
        passkeys.map { passkey in
          link(.passkey, "passkeyid", passkey.passkeyid, line(typed(passkey.name), time(passkey.createdAt)))
        } + (mayUsePasskeys ? [alternative(.addPasskey)] : [])),
      mayUsePasskeys ? [] : passkeyLead,
    ]
  }

  /// What happens with a passkey, or why it can't be used here.
  fileprivate var passkeyLead: HTML {
    if mayUsePasskeys { return paragraph(.passkeyAddLead) }
    return call.context.foreignPasskeyDomain(visit.browser).map {
      paragraph(.passkeyOtherDomain, ["domain": $0])
    } ?? paragraph(.passkeyNeedsName)
  }

  /// The browser and the system of the visitor, as a name for a passkey.
  fileprivate func device(for visit: Visit) -> String? {
    visit.userAgent.flatMap(UserAgent.init).map { device($0) }
  }
}
