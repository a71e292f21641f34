import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

extension Administrator {
  /// PATCH /api/administrator/set-account-groups.
  public enum SetAccountGroups: Endpoint {
    public static var route: String { "/api/administrator/set-account-groups" }
    public static let declaration = accountChange(
      .patch, route, "Sets the groups of an account. Without names it is in no group.",
      parameters: [PostedGroups.parameter], exceptions: [PostedGroups.invalid, Protection.owner])

    public static var example: Account {
      .userExample { account, _ in account.changeMembership { $0.groups = ["editors", "family"] } }
    }

    public static func answer(_ call: inout Call) throws -> Account {
      let id = try NamedAccount.any(call).accountid
      let name = PostedGroups.parameter.name
      // It would take all groups.
      if call.posted.isUpload(name) { throw PostedGroups.invalid }
      return try DashboardAccounts.Groups.set(
        call.caller, &call.context, id, names: call.posted[name] ?? [])
    }
  }

  /// GET /api/administrator/groups: the groups with the numbers of their accounts, by name.
  public enum Groups: Endpoint {
    static let invalidAfter = Exception(
      "invalid-after", 400, "querystring after is not the name of a group", field: Paging.after)

    public static var route: String { "/api/administrator/groups" }
    public static let declaration = Declaration(
      .get, route, "Lists the groups that have accounts, with the number of their accounts, by name.",
      access: .administrator, parameters: Paging.parametersByName,
      exceptions: [Paging.invalidLimit, Paging.invalidOffset, invalidAfter], settings: [.pageSize],
      isList: true)

    public static func answer(_ call: inout Call) throws -> [Group] {
      let paging = try call.paging()
      let after = try paging.after.map { text in
        guard let name = GroupNames.name(text[...]) else { throw invalidAfter }
        return name
      }
      let total = try call.read { try $0.groupCount() }
      let part = try paging.collect(after: after, place: \.name) { after, offset, limit in
        try call.read { try $0.groups(after: after, offset: offset, limit: limit) }
      }
      call.list(
        paging, total: total,
        continuesAfter: part.isContinued ? part.elements.last.map { (id: $0.name, place: nil) } : nil)
      return part.elements
    }
  }
}
