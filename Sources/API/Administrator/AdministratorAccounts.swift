import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/account: any account.
  public enum ReadAccount: Endpoint {
    public static var route: String { "/api/administrator/account" }
    public static let declaration = Declaration(
      .get, route, "Returns any account.",
      access: .administrator,
      parameters: [NamedAccount.parameter],
      exceptions: NamedAccount.exceptions)

    public static func answer(_ call: inout Call) throws -> Account { try NamedAccount.any(call) }
  }

  /// GET /api/administrator/accounts: all accounts, newest first.
  public enum Accounts: Endpoint {
    public static var route: String { "/api/administrator/accounts" }
    public static let declaration = list(route, "Lists all accounts, newest first.")

    public static func answer(_ call: inout Call) throws -> [Account] { try call.list(.all) }
  }

  /// GET /api/administrator/accounts-count: the number of accounts.
  public enum AccountsCount: Endpoint {
    public static var route: String { "/api/administrator/accounts-count" }
    public static let declaration = Declaration(.get, route, "Counts all accounts.", access: .administrator)

    public static func answer(_ call: inout Call) throws -> Int { try call.read { try $0.count(.all) } }
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

  private static func list(_ route: String, _ summary: String) -> Declaration {
    Declaration(
      .get, route, summary, access: .administrator, parameters: Paging.parameters,
      exceptions: Paging.exceptions, settings: [.pageSize], isList: true)
  }
}
