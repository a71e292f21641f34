public import DashboardRecords
public import DashboardRouting

extension Administrator {
  /// GET /api/administrator/account: any account.
  public enum ReadAccount: Endpoint {
    public static var route: String { "/api/administrator/account" }
    public static let declaration = Declaration(
      .get, route, "Returns any account.",
      access: .administrator,
      takes: [NamedAccount.parameter],
      exceptions: NamedAccount.exceptions)

    public static func answer(_ call: inout Call) throws -> Account { try NamedAccount.any(call) }
  }
}
