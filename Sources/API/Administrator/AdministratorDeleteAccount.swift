public import DashboardRouting
import DashboardStore
public import DashboardWireFormat

extension Administrator {
  /// DELETE /api/administrator/delete-account.
  public enum DeleteAccount: Endpoint {
    static let isOwner = Exception(
      "invalid-account", 403, "the owner's account can't be removed", field: NamedAccount.name)

    public static var route: String { "/api/administrator/delete-account" }
    public static let declaration = Declaration(
      .delete, route,
      "Removes an account and everything of it, at once.",
      access: .freshAdministrator,
      takes: [NamedAccount.parameter],
      exceptions: NamedAccount.exceptions + [isOwner],
      settings: [.verificationDelay])

    public static func answer(_ call: inout Call) throws -> Bool {
      let id = try NamedAccount.any(call).accountid
      try call.changeAny(id) { change, _, account, now in
        if account.isOwner { throw isOwner }
        try change.remove(account, at: now)
      }
      call.note(.accountDeleted, id)
      // For every reader it is gone. Mostly that is soon all; the sweep takes the rest, and what fails here.
      try? call.dashboard.store.removeRemains(pieces: 4)
      call.clearCookies(ifOf: id)
      return true
    }
  }
}
