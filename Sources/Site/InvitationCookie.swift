import DashboardAccounts
import DashboardRouting
import DashboardWireFormat

/// The cookie with the code of an invitation, between the link and the form.
///
/// The code of a link moves into it at once, so that the address bar, the history and `Referer` don't keep it. `SameSite=Lax`
/// lets the browser send it right after a link from a mail; `Strict` would not.
enum InvitationCookie {
  /// In seconds.
  private static let lifetime = 3600
  /// The value for a link whose code can't be one.
  private static let noCode = "-"

  /// It never has a `Domain`, so it has the prefix wherever browsers accept it.
  private static func name(_ visit: Visit) -> String {
    "\(visit.isSecure ? "__Host-" : "")\(visit.app.name)_invitation"
  }

  static func value(_ visit: Visit) -> Bytes? { visit.cookie(name(visit)) }

  /// - Parameter typed: the code of a link.
  static func setting(_ typed: Bytes, _ visit: Visit) -> String {
    header(InvitationCode.canonical(typed) ?? noCode, lifetime, visit)
  }

  static func clearing(_ visit: Visit) -> String { header("", 0, visit) }

  private static func header(_ value: String, _ seconds: Int, _ visit: Visit) -> String {
    "\(name(visit))=\(value); Max-Age=\(seconds); Path=/; HttpOnly; SameSite=Lax\(visit.isSecure ? "; Secure" : "")"
  }
}

/// What a visitor's invitation is worth.
enum InvitationState {
  case none
  case counts
  /// Wrong, expired or used up.
  case void
}

extension Call {
  func invitationState(_ visit: Visit) -> InvitationState {
    guard let code = InvitationCookie.value(visit) else { return .none }
    // If the store fails, the form will tell.
    return (try? InvitationRules.counts(code, context)) ?? true ? .counts : .void
  }

  /// True while the first account needs the code of the setting SETUP_CODE.
  var wantsSetupCode: Bool { (try? Registration.wantsSetupCode(context)) ?? false }

  /// True if the visitor can register: as everyone, as the first one with the setup code, or with an invitation.
  func mayRegister(_ visit: Visit) -> Bool {
    !configuration.registrationIsClosed || wantsSetupCode || invitationState(visit) == .counts
  }
}
