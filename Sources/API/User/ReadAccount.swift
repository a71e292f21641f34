public import Accounts
public import Routing

/// GET /api/user/account: the asker's account.
public enum ReadAccount: Endpoint {
  public static let declaration = Declaration(
    .get, "/api/user/account", "Returns the asker's account.",
    access: .session,
    takes: [OwnAccount.parameter],
    exceptions: OwnAccount.exceptions,
    returns: "account",
    example: Example.account)

  public static func answer(_ call: inout Call) throws -> Account { try OwnAccount.find(call) }
}
