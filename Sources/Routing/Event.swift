import DashboardRecords
package import DashboardWireFormat

/// Something that happened to an account, for the operator who wants to know later (OWASP ASVS 16.3). It holds no
/// secrets, and nothing that somebody typed: not even a username, which may be a password in the wrong field.
package struct Event: JSONEncodable, Sendable {
  package enum Name: String, CaseIterable, Sendable {
    case accountCreated = "account-created"
    case signedIn = "signed-in"
    case signInFailed = "sign-in-failed"
    case verified = "session-verified"
    case proofFailed = "password-or-code-wrong"
    /// A right password that did not get what it was posted for.
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

  let name: Name
  let time: Timestamp
  let app: AppName
  /// Whose; `nil`: of no account that exists.
  let account: AccountID?
  /// Who did it, if somebody else than the account itself.
  let by: AccountID?
  /// REMOTE_ADDR; `nil`: this process.
  let client: String?
  /// The answer's X-Request-Id.
  let request: String?

  package static var schema: JSONSchema { .object("event") }

  package func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("time", time)
      object.member("event", name.rawValue)
      object.member("app", app)
      object.member("account", account)
      object.member("by", by)
      object.member("client", client)
      object.member("request", request)
    }
  }
}
