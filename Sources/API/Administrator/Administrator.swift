import DashboardRouting
import DashboardSettings

/// The endpoints under `/api/administrator/`, with which an administrator manages any account of the app.
/// Only the owner can change the owner's account and its records, but for invitations.
public enum Administrator {
  /// The declaration of a change of the account in the URL.
  ///
  /// - Parameters:
  ///   - parameters: the parameters after the account.
  ///   - exceptions: the exceptions after those of `NamedAccount`.
  ///   - settings: the settings that affect it, apart from SESSION_VERIFICATION_DELAY.
  static func accountChange(
    _ verb: Verb, _ route: String, _ summary: String,
    parameters: @autoclosure @escaping @Sendable () -> [Declaration.Parameter] = [],
    exceptions: @autoclosure @escaping @Sendable () -> [Exception],
    settings: @autoclosure @escaping @Sendable () -> [Setting] = []
  ) -> Declaration {
    Declaration(
      verb, route, summary, access: .freshAdministrator, parameters: [NamedAccount.parameter] + parameters(),
      exceptions: NamedAccount.exceptions + exceptions(), settings: settings() + [.verificationDelay])
  }
}
