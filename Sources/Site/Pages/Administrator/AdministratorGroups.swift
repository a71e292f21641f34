import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Administration {
  /// The field of the URL that limits the list of accounts to a group.
  static let groupField = "group"

  static let groups = list("groups", .groupsTitle, Administrator.Groups.self, lead: .groupsLead) {
    view, group in
    view.element(
      accounts, groupField, group.name,
      view.line(view.typed(group.name), .text(view.language.number(group.count))))
  }

  static let setGroups = change(
    "set-account-groups", .setGroups, Administrator.SetAccountGroups.self, .setGroupsTitle,
    submit: .setGroupsSubmit,
    fields: { view in
      [Field("groups", .username) { try? $0.namedAccount()?.groups.joined(separator: ", ") }]
    }, then: .groupsSet, lead: { $0.paragraph(.setGroupsLead) })
}

extension View {
  /// The account in the URL; `nil` if there is none.
  func namedAccount() throws -> Account? {
    guard let id = call.query[Administration.accountField].flatMap({ AccountID($0) }) else { return nil }
    return try call.read { try $0.account(id) }
  }

  /// The groups of an account, each with a link to its accounts.
  func groups(of account: Account) -> HTML {
    listed(account.groups.map { link(Administration.accounts, Administration.groupField, $0, typed($0)) })
  }
}
