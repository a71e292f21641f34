import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Administration {
  /// The index: how many there are of everything, and what has happened lately.
  static let index: Page = Page("", .administrator, .adminTitle) { view in
    // Counts are kept, so each is one look-up.
    let counts: [(Page, Int)] = [
      (accounts, try view.call(Administrator.AccountsCount.self)),
      (administrators, try view.call(Administrator.AdministratorAccountsCount.self)),
      (deletedAccounts, try view.call(Administrator.DeletedAccountsCount.self)),
      (groups, try view.call.read { try $0.groupCount() }),
      (invitations, try view.call(Administrator.InvitationsCount.self)),
      (sessions, try view.call(Administrator.SessionsCount.self)),
      (profiles, try view.call(Administrator.ProfilesCount.self)),
      (resetCodes, try view.call(Administrator.ResetCodesCount.self)),
    ]
    let lines = counts.map { page, count in
      HTML.tag(
        "a", ["href": page.path],
        view.line(view.words(page.title), .text(view.language.number(count))))
    }
    return [view.counts(lines), try view.charts()]
  }
}
