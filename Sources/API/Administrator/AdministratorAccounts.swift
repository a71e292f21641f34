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

  /// GET /api/administrator/accounts: all accounts or those with a contact address, newest first.
  public enum Accounts: Endpoint {
    public static var route: String { "/api/administrator/accounts" }
    public static let declaration = list(
      route, "Lists all accounts or those with a contact address, newest first.", filter: [contact])

    public static func answer(_ call: inout Call) throws -> [Account] {
      guard let address = call.query[contact.name] else { return try call.list(.all) }
      return try call.list(
        contacts(address), filter: (name: contact.name, value: PercentEncoding.encode(address)))
    }
  }

  /// GET /api/administrator/accounts-count: the number of all accounts or of those with a contact address.
  public enum AccountsCount: Endpoint {
    public static var route: String { "/api/administrator/accounts-count" }
    public static let declaration = Declaration(
      .get, route, "Counts all accounts or those with a contact address.", access: .administrator,
      parameters: [contact])

    public static func answer(_ call: inout Call) throws -> Int {
      let list = call.query[contact.name].map(contacts) ?? .all
      return try call.read { try $0.count(list) }
    }
  }

  private static let contact = Declaration.Parameter.optional(
    .querystring, ProfileField.contactEmail.name,
    "an address, to limit the answer to accounts with a profile that has it; capitals don't count")

  private static func contacts(_ address: Bytes) -> AccountList {
    .contact(ContactAddress(String(decoding: address, as: UTF8.self)))
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
    _ route: String, _ summary: String, filter: [Declaration.Parameter] = []
  ) -> Declaration {
    Declaration(
      .get, route, summary, access: .administrator, parameters: filter + Paging.parameters,
      exceptions: Paging.exceptions, settings: [.pageSize], isList: true)
  }
}
