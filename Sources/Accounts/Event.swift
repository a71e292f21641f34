package import DashboardRecords

/// Something that happened to an account, for an operator who looks later (OWASP ASVS 16.3). It holds no secrets and nothing that
/// was typed: not even a username, which can be a password in the wrong field.
package struct Event: Sendable {
  package enum Name: String, CaseIterable, Sendable {
    case accountCreated = "account-created"
    case signedIn = "signed-in"
    case signInFailed = "sign-in-failed"
    case verified = "session-verified"
    case proofFailed = "password-or-code-wrong"
    /// The password was right, and the request failed for another reason.
    case proven = "password-right"
    case locked = "too-many-attempts"
    case sessionEnded = "session-ended"
    case sessionKeyReset = "session-key-reset"
    case usernameChanged = "username-changed"
    case passwordChanged = "password-changed"
    case codeCreated = "reset-code-created"
    case codeDeleted = "reset-code-deleted"
    case codeUsed = "reset-code-used"
    case administratorSet = "administrator-set"
    case administratorReset = "administrator-reset"
    case ownerSet = "owner-set"
    case deletionScheduled = "deletion-scheduled"
    case deletionCancelled = "deletion-cancelled"
    case accountDeleted = "account-deleted"
  }

  package let name: Name
  package let time: Timestamp
  package let app: AppName
  /// The account that the event is about; `nil` if there is no such account.
  package let account: AccountID?
  /// Who did it: an account's identifier or `operator NAME`; `nil` if the account itself did.
  package let by: String?
  /// REMOTE_ADDR, or the address that a library caller gives; `nil` if it gives none.
  package let client: String?
  /// The answer's X-Request-Id; `nil` outside of HTTP.
  package let request: String?

  /// - Parameter caller: `nil` if it happened by itself.
  package init(
    _ name: Name, _ account: AccountID?, app: AppName, by caller: Caller?, at time: Timestamp,
    request: String? = nil
  ) {
    self.name = name
    self.time = time
    self.app = app
    self.account = account
    self.request = request
    client = caller?.client.text
    switch caller?.identity {
    case .operator(let name): by = "operator \(name)"
    case .signedIn(let signedIn) where signedIn.account.accountid != account:
      by = "\(signedIn.account.accountid)"
    default: by = nil
    }
  }
}
