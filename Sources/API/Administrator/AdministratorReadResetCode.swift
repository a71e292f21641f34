public import DashboardRecords
public import DashboardRouting

extension Administrator {
  /// GET /api/administrator/reset-code: a reset code of any account.
  public enum ReadResetCode: Endpoint {
    public static var route: String { "/api/administrator/reset-code" }
    public static let declaration = Declaration(
      .get, route, "Returns a reset code of any account.",
      access: .administrator,
      takes: [Named.resetCode.parameter],
      exceptions: Named.resetCode.exceptions)

    public static func answer(_ call: inout Call) throws -> ResetCode { try Named.resetCode.any(call) }
  }
}
