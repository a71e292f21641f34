import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords
import DashboardRouting
import DashboardWireFormat

/// The pages of administrators, at `/administrator` and below.
enum Administration {
  static let pages: [Page] = [
    index, accounts, administrators, deletedAccounts, account, accountSessions, accountProfiles,
    accountResetCodes, sessions, session, endSession, profiles, profile, resetCodes, resetCode,
    createResetCode, deleteResetCode, scheduleAccountDelete, restoreAccount, deleteAccount,
    assignAdministrator, revokeAdministrator, transferOwnership, resetSessionKey, groups, setGroups,
    accountEvents,
    suspendAccount, resumeAccount, removeFactors, createAccount, invitations, invitation, createInvitation,
    deleteInvitation,
  ]

  /// The field of the URL that names an account.
  static let accountField = "accountid"

  /// A page with a part of a list, and with the number of all its elements.
  ///
  /// - Parameters:
  ///   - lead: a sentence below the title; `nil` if the list needs none.
  ///   - isOfAccount: true if the URL names the account of the elements.
  ///   - isOfGroup: true if the URL can name a group, to limit the list to its accounts.
  ///   - form: stands above the list.
  ///   - creating: the page that makes an element; `nil` if there is none.
  ///   - more: links to what can be done, by the account of the elements.
  ///   - line: an element's link, with what distinguishes it from others.
  static func list<E: Endpoint, Element>(
    _ name: String, _ title: Text, _ endpoint: E.Type, lead: Text? = nil, isOfAccount: Bool = false,
    isOfGroup: Bool = false, form: PageForm? = nil, creating: Page? = nil,
    more: @escaping @Sendable (View, Account) -> [HTML] = { _, _ in [] },
    line: @escaping @Sendable (View, Element) throws -> HTML
  ) -> Page where E.Answer == [Element] {
    Page(name, .administrator, title, lead: lead, form: form, isFormFirst: true) { view in
      let owner = isOfAccount ? try view.call(Administrator.ReadAccount.self) : nil
      let group = isOfGroup ? view.query(groupField) : nil
      let elements = try view.call(endpoint)
      let back =
        owner.map { view.link(account, accountField, $0.accountid, view.words(.back)) }
        ?? group.map { _ in view.link(view.back ?? groups.path, .back) }
      return [
        try owner.map { view.descriptions([(.accountOfRecord, try view.link(to: $0))]) } ?? [],
        group.map { view.descriptions([(.groupOfAccounts, view.typed($0))]) } ?? [],
        view.paragraph(.inAll, ["count": view.language.number(view.call.total ?? 0)]),
        view.actions(try elements.map { try line(view, $0) }), view.paging(),
        view.actions(
          (owner.map { more(view, $0) } ?? []) + (creating.map { [view.link($0.path, $0.title)] } ?? [])
            + [back ?? view.link(index.path, .back)]),
      ]
    }
  }

  /// A page that changes the account in its URL.
  ///
  /// - Parameters:
  ///   - fields: of the form.
  ///   - lead: says what will happen.
  ///   - removes: true if the account may be gone afterwards.
  ///   - isDone: true if an exception comes from the same form, sent before.
  ///   - hasEnded: true if the change has just ended all sessions of the account, which can be the administrator's own.
  static func change<E: Endpoint>(
    _ name: String, _ action: AdministratorAction, _ endpoint: E.Type, _ title: Text, submit: Text,
    isDangerous: Bool = false, fields: @escaping @Sendable (View) -> [Field] = { _ in [] },
    then notice: Notice, lead: @escaping @Sendable (View) -> HTML,
    removes: @escaping @Sendable (View) -> Bool = { _ in false },
    isDone: @escaping @Sendable (Exception, inout View) throws -> Bool = { _, _ in false },
    hasEnded: @escaping @Sendable (Account, View) -> Bool = { _, _ in false }
  ) -> Page {
    Page(
      name, .administrator, title,
      form: PageForm(endpoint.declaration, submit: submit, isDangerous: isDangerous, fields: fields) { view in
        try view.call(endpoint, unless: isDone)
        if view.isSignedOut { return .go(Page.signIn.path, .signedOut) }
        let back = view.back
        guard !removes(view), let id = view.query(accountField) else {
          return .go(back ?? accounts.path, notice)
        }
        return .go(View.path(account, accountField, id, back: back), notice)
      }.endingItsSession { ended, view in
        view.query(accountField) == "\(ended.account.accountid)" && hasEnded(ended.account, view)
          ? .go(Page.signIn.path, .signedOut) : nil
      }
    ) { view in
      let account = try view.call(Administrator.ReadAccount.self)
      try view.require(action, account)
      return [lead(view), try view.descriptions(of: account)]
    } alternatives: { view in
      view.query(accountField).map {
        [view.link(account, accountField, $0, view.words(.back), back: view.back)]
      }
        ?? []
    }
  }
}

extension View {
  /// True if the caller may do something to an account.
  func offers(_ action: AdministratorAction, _ account: Account) -> Bool {
    (try? action.check(call.caller, account, now: call.now)) != nil
  }

  /// - Throws: the exception with which the page's endpoint would refuse.
  func require(_ action: AdministratorAction, _ account: Account) throws {
    do {
      try action.check(call.caller, account, now: call.now)
    } catch let error as any RuleError {
      throw page.form?.declaration.exception(for: error) ?? error
    }
  }

  /// The account of a record.
  func owner(_ record: some OwnedRecord) throws -> Account {
    guard let owner = try call.read({ try $0.account(record.accountid) }) else {
      throw page.form?.declaration.exception(for: AccountError.unknown) ?? .invalidRoute
    }
    return owner
  }

  /// What tells an account from others.
  func words(of account: Account) throws -> HTML {
    try (name(of: account) ?? username(of: account)).map(typed) ?? .text("\(account.accountid)")
  }

  func link(to account: Account) throws -> HTML {
    link(Administration.account, Administration.accountField, account.accountid, try words(of: account))
  }

  /// A link to an element of this page's list. Its page leads back to this part of the list.
  func element(_ page: Page, _ field: String, _ value: some CustomStringConvertible, _ text: HTML) -> HTML {
    let names = [Administration.accountField, Administration.groupField, "limit", Paging.after, "place"]
    let fields = names.compactMap { name in
      call.query[name].map { "\(name)=\(PercentEncoding.encode($0))" }
    }
    let part = fields.isEmpty ? "" : "?" + fields.joined(separator: "&")
    return link(page, field, value, text, back: self.page.path + part)
  }

  func descriptions(of account: Account) throws -> HTML {
    try descriptions(
      of: account,
      [
        account.groups.isEmpty ? nil : (.groupsTitle, groups(of: account)),
        (.accountSince, time(account.createdAt)),
        account.lastSignedInAt.map { (.lastSignIn, time($0)) },
        account.usernameLastChangedAt.map { (.usernameChangedAt, time($0)) },
        account.passwordLastChangedAt.map { (.passwordChangedAt, time($0)) },
        account.resetCodeLastCreatedAt.map { (.codeMadeAt, time($0)) },
        account.resetCodeLastUsedAt.map { (.codeUsedAt, time($0)) },
        account.deletedAt.map { (.deletionDueAt, time($0)) },
        account.passwordDueAt.map { (.passwordDueAt, time($0)) },
        account.suspendedAt.map { (.suspendedSince, time($0)) },
        account.suspensionReason.map { (.suspensionReason, typed($0)) },
        (.twoFactorTitle, words(account.hasSecondFactor ? .twoFactorOn : .twoFactorOff)),
      ])
  }
}
