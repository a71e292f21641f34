import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/reset-codes-count: how many reset codes there are, or one account has.
  public enum ResetCodesCount: Endpoint {
    public static var route: String { "/api/administrator/reset-codes-count" }
    public static let declaration = Declaration(
      .get, route, "Counts the reset codes of all accounts or of one.",
      access: .administrator,
      takes: [NamedAccount.filter],
      exceptions: [NamedAccount.unknown])

    public static func answer(_ call: inout Call) throws -> Int {
      let account = try NamedAccount.anyIfNamed(call)
      return try call.read { try $0.count(ResetCode.self, of: account) }
    }
  }
}
