import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords
import DashboardRouting

extension Page {
  /// What happened to the account.
  static let activity: Page = Page("activity", .session, .activityTitle, lead: .activityLead) { view in
    let events = try view.call(Events.self)
    return [
      try view.newDeviceNotice(),
      events.isEmpty ? view.paragraph(.noActivity) : view.actions(try events.map { try view.line($0) }),
      view.paging(),
      view.actions([Page.changePassword, .endAllSessions].map { view.link($0.path, $0.title) }),
    ]
  }
}

extension Page {
  /// Gives what is kept of the account, also where API_ACCESS closes the route.
  static let export: Page = Page(
    "export", .session, .exportTitle, lead: .exportLead,
    form: PageForm(Export.declaration, submit: .exportSubmit) { view in
      .answer(Draft(try view.call(Export.self), of: Export.self))
    })
}

extension Administration {
  static let accountEvents = list(
    "account-events", .accountEventsTitle, Administrator.Events.self, isOfAccount: true
  ) { view, event in try view.line(event) }
}

extension View {
  /// An event in a list: what happened, where, when, how often, and by whose hand.
  func line(_ event: AccountEvent) throws -> HTML {
    let name = Event.Name(rawValue: event.name).map { words(Text($0)) } ?? .text(event.name)
    return line(
      name,
      listed([
        event.userAgent.map { _ in .text(device(event.device)) }, event.address.map(typed),
        event.methods.includesFactor ? methods(event.methods) : nil,
        time(event.lastAt ?? event.createdAt), event.count > 1 ? number(of: event) : nil,
        try actor(of: event), event.isNewDevice ? words(.newDevice) : nil,
      ]))
  }

  /// How often an event happened, and when first if that is another minute.
  private func number(of event: AccountEvent) -> HTML {
    let first = language.time(event.createdAt)
    let values = ["count": language.number(event.count), "time": first]
    let isLater = event.lastAt.map { language.time($0) != first } ?? false
    return words(isLater ? .eventTimesFirst : .eventTimes, values)
  }

  /// How a person has signed in.
  func methods(_ methods: AuthenticationMethods) -> HTML {
    let texts: [(AuthenticationMethods, Text)] = [
      (.password, .methodPassword), (.totp, .methodApp), (.passkey, .methodPasskey),
      (.recoveryCode, .methodRecoveryCode),
    ]
    return listed(texts.map { methods.contains($0) ? words($1) : nil })
  }

  /// Who acted; `nil` for the holder of the account. Administrators see which of them it was.
  private func actor(of event: AccountEvent) throws -> HTML? {
    switch event.actor {
    case .holder: return nil
    case .operator: return words(.eventByOperator)
    case .account(let id) where event.namesActor:
      let account = try call.read { try $0.account(id) }
      return try account.map { try link(to: $0) } ?? .text("\(id)")
    case .account: return words(.eventByAdministrator)
    }
  }
}

extension Text {
  /// The words for what happened.
  init(_ name: Event.Name) {
    self =
      switch name {
      case .accountCreated: .eventAccountCreated
      case .signedIn: .eventSignedIn
      case .signInFailed: .eventSignInFailed
      case .verified: .eventVerified
      case .proofFailed: .eventProofFailed
      case .proven: .eventProven
      case .locked: .eventLocked
      case .sessionEnded: .eventSessionEnded
      case .otherSessionsEnded: .eventOtherSessionsEnded
      case .sessionKeyReset: .eventSessionKeyReset
      case .usernameChanged: .eventUsernameChanged
      case .passwordChanged: .eventPasswordChanged
      case .codeCreated: .eventCodeCreated
      case .codeDeleted: .eventCodeDeleted
      case .codeUsed: .eventCodeUsed
      case .invitationCreated: .eventInvitationCreated
      case .invitationDeleted: .eventInvitationDeleted
      case .invitationUsed: .eventInvitationUsed
      case .groupsSet: .eventGroupsSet
      case .administratorSet: .eventAdministratorSet
      case .administratorReset: .eventAdministratorReset
      case .ownerSet: .eventOwnerSet
      case .deletionScheduled: .eventDeletionScheduled
      case .deletionCancelled: .eventDeletionCancelled
      case .deletionDropped: .eventDeletionDropped
      case .accountDeleted: .eventAccountDeleted
      case .accountSuspended: .eventAccountSuspended
      case .accountResumed: .eventAccountResumed
      case .factorWrong: .eventFactorWrong
      case .authenticatorAdded: .eventAuthenticatorAdded
      case .authenticatorRemoved: .eventAuthenticatorRemoved
      case .recoveryCodesCreated: .eventRecoveryCodesCreated
      case .recoveryCodeUsed: .eventRecoveryCodeUsed
      case .factorsRemoved: .eventFactorsRemoved
      case .passkeyAdded: .eventPasskeyAdded
      case .passkeyRemoved: .eventPasskeyRemoved
      case .passkeyRefused: .eventPasskeyRefused
      }
  }
}
