import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Administration {
  static let accounts = list(
    "accounts", .accountsTitle, Administrator.Accounts.self, isOfGroup: true, form: search,
    creating: createAccount
  ) { try $0.line($1) }

  static let administrators = list(
    "administrators", .administratorsTitle, Administrator.AdministratorAccounts.self
  ) { try $0.line($1) }

  static let deletedAccounts = list(
    "deleted-accounts", .deletedAccountsTitle, Administrator.DeletedAccounts.self
  ) { try $0.line($1) }

  /// Everything of one account, and what the administrator may do to it.
  static let account: Page = Page("account", .administrator, .anyAccountTitle) { view in
    let account = try view.call(Administrator.ReadAccount.self)
    func link(_ page: Page, _ details: HTML = [], back: String? = nil) -> HTML {
      view.link(page, accountField, account.accountid, [view.words(page.title), details], back: back)
    }
    func counted(_ page: Page, _ count: Int) -> HTML {
      link(page, [" ", .tag("span", ["class": "hint"], .text(view.language.number(count)))])
    }
    let isOwn = try account.accountid == view.account.accountid
    let actions: [(AdministratorAction, Page)] = [
      (.createResetCode, createResetCode), (.resetSessionKey, resetSessionKey), (.setGroups, setGroups),
      (.promote, assignAdministrator), (.demote, revokeAdministrator),
      (.transferOwnership, transferOwnership), (.suspend, suspendAccount), (.resume, resumeAccount),
      (.removeFactors, removeFactors),
      (.cancelDeletion, restoreAccount),
      (.scheduleDeletion, scheduleAccountDelete), (.delete, deleteAccount),
    ]
    let offered = actions.filter { view.offers($0.0, account) }.map { link($0.1, back: view.back) }
    return [
      isOwn ? view.paragraph(.ownAccount) : [], try view.descriptions(of: account),
      .tag("h2", [:], view.words(.accountHolds)),
      view.counts([
        counted(accountSessions, try view.call(Administrator.SessionsCount.self)),
        counted(accountProfiles, try view.call(Administrator.ProfilesCount.self)),
        counted(accountResetCodes, try view.call(Administrator.ResetCodesCount.self)),
        link(accountEvents),
      ]),
      offered.isEmpty ? [] : .tag("h2", [:], view.words(.accountActions)), view.actions(offered),
      view.actions([view.link(view.back ?? accounts.path, .back)]),
    ]
  }
}

extension View {
  /// An account in a list of accounts.
  func line(_ account: Account) throws -> HTML {
    let (name, username) = (try name(of: account), username(of: account))
    // Names are not unique, but usernames and identifiers are.
    let details = listed([
      name == nil ? nil : username.map(typed) ?? .text("\(account.accountid)"),
      role(of: account).map { words($0) },
      account.suspendedAt.map { _ in words(.suspended) },
      account.passwordSet ? nil : words(.passwordNotChosen),
      account.deletedAt.map { [words(.deletionDueAt), " ", time($0)] } ?? time(account.createdAt),
    ])
    return element(
      Administration.account, Administration.accountField, account.accountid,
      line(try words(of: account), details))
  }
}
