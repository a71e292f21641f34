public import Accounts
public import Routing

extension Administrator {
  /// GET /api/administrator/profile: a profile of any account.
  public enum ReadProfile: Endpoint {
    public static let declaration = Declaration(
      .get, "/api/administrator/profile", "Returns a profile of any account.",
      access: .administrator,
      takes: [Named.profile.parameter],
      exceptions: Named.profile.exceptions)

    public static func answer(_ call: inout Call) throws -> Profile { try Named.profile.any(call) }
  }
}
