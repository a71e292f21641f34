import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/account: any account, by its identifier or its username.
  public enum ReadAccount: Endpoint {
    static let notOne = Exception(
      "invalid-accountid", 400, "querystring accountid and username are both missing, or both there",
      field: NamedAccount.name)
    static let unknownUsername = Exception(
      "invalid-username", 404, "unknown querystring username", field: "username")

    public static var route: String { "/api/administrator/account" }
    public static let declaration = Declaration(
      .get, route, "Returns any account, by its identifier or its username.",
      access: .administrator,
      parameters: [
        .alternative(.querystring, NamedAccount.name, "an account, unless username is given"),
        .alternative(
          .querystring, "username", "the username of an account, as at signing in, unless accountid is given"),
      ],
      exceptions: [notOne, NamedAccount.unknown, unknownUsername])

    public static func answer(_ call: inout Call) throws -> Account {
      let username = call.query["username"]
      guard (username == nil) != (call.query[NamedAccount.name] == nil) else { throw notOne }
      guard let username else { return try NamedAccount.any(call) }
      guard let account = try Search.account(username: username, call.context) else { throw unknownUsername }
      return account
    }
  }

  /// GET /api/administrator/accounts: all accounts, those with a contact address or those of a group, newest first.
  public enum Accounts: Endpoint {
    public static var route: String { "/api/administrator/accounts" }
    public static let declaration = list(
      route, "Lists all accounts, those with a contact address or those of a group, newest first.",
      filter: filters, exceptions: [tooManyFilters])

    public static func answer(_ call: inout Call) throws -> [Account] {
      let (list, filter) = try filtered(call)
      return try call.list(list, filter: filter)
    }
  }

  /// GET /api/administrator/accounts-count: the number of all accounts, of those with a contact address or of those of a
  /// group.
  public enum AccountsCount: Endpoint {
    public static var route: String { "/api/administrator/accounts-count" }
    public static let declaration = Declaration(
      .get, route, "Counts all accounts, those with a contact address or those of a group.",
      access: .administrator, parameters: filters, exceptions: [tooManyFilters])

    public static func answer(_ call: inout Call) throws -> Int {
      let list = try filtered(call).list
      return try call.read { try $0.count(list) }
    }
  }

  private static let contact = ProfileField.contactEmail.name
  private static let group = "group"

  private static let filters: [Declaration.Parameter] = [
    .optional(
      .querystring, contact,
      "an address, to limit the answer to accounts with a profile that has it; capitals don't count"),
    .optional(
      .querystring, group, "a group, to limit the answer to its accounts, unless contact-email is given"),
  ]
  private static let tooManyFilters = Exception(
    "invalid-group", 400, "querystring group and contact-email are both there", field: group)

  /// The list that the query asks for, and the parameter that limits it.
  ///
  /// - Throws: `tooManyFilters`.
  private static func filtered(_ call: Call) throws -> (
    list: AccountList, filter: (name: String, value: String)?
  ) {
    if let name = call.query[group] {
      guard call.query[contact] == nil else { throw tooManyFilters }
      return (
        .group(String(decoding: name, as: UTF8.self)), (name: group, value: PercentEncoding.encode(name))
      )
    }
    guard let address = call.query[contact] else { return (.all, nil) }
    return (
      .contact(ContactAddress(String(decoding: address, as: UTF8.self))),
      (name: contact, value: PercentEncoding.encode(address))
    )
  }

  /// GET /api/administrator/administrator-accounts: the administrators' accounts, newest first.
  public enum AdministratorAccounts: Endpoint {
    public static var route: String { "/api/administrator/administrator-accounts" }
    public static let declaration = list(route, "Lists the administrators' accounts, newest first.")

    public static func answer(_ call: inout Call) throws -> [Account] { try call.list(.administrators) }
  }

  /// GET /api/administrator/administrator-accounts-count: the number of administrators.
  public enum AdministratorAccountsCount: Endpoint {
    public static var route: String { "/api/administrator/administrator-accounts-count" }
    public static let declaration = Declaration(
      .get, route, "Counts the administrators' accounts.", access: .administrator)

    public static func answer(_ call: inout Call) throws -> Int {
      try call.read { try $0.count(.administrators) }
    }
  }

  /// GET /api/administrator/deleted-accounts: the accounts whose deletion is scheduled, newest first.
  public enum DeletedAccounts: Endpoint {
    public static var route: String { "/api/administrator/deleted-accounts" }
    public static let declaration = list(
      route, "Lists the accounts whose deletion is scheduled, newest first.")

    public static var example: [Account] { [.deletedExample] }

    public static func answer(_ call: inout Call) throws -> [Account] { try call.list(.deleted) }
  }

  /// GET /api/administrator/deleted-accounts-count: the number of accounts whose deletion is scheduled.
  public enum DeletedAccountsCount: Endpoint {
    public static var route: String { "/api/administrator/deleted-accounts-count" }
    public static let declaration = Declaration(
      .get, route, "Counts the accounts whose deletion is scheduled.", access: .administrator)

    public static func answer(_ call: inout Call) throws -> Int { try call.read { try $0.count(.deleted) } }
  }

  private static func list(
    _ route: String, _ summary: String, filter: [Declaration.Parameter] = [], exceptions: [Exception] = []
  ) -> Declaration {
    Declaration(
      .get, route, summary, access: .administrator, parameters: filter + Paging.parameters,
      exceptions: exceptions + Paging.exceptions, settings: [.pageSize], isList: true)
  }
}
