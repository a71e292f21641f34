package import DashboardRecords

/// An event of an account, for the event log (OWASP ASVS 16.3).
///
/// It holds no secrets and no posted text, not even a username: a user may type the password into the wrong
/// field.
package struct Event: Sendable {
  package enum Name: String, CaseIterable, Sendable {
    case accountCreated = "account-created"
    case signedIn = "signed-in"
    case signInFailed = "sign-in-failed"
    case verified = "session-verified"
    case proofFailed = "password-or-code-wrong"
    /// The password or the reset code was correct, but the request failed for another reason.
    case proven = "password-right"
    case locked = "too-many-attempts"
    case sessionEnded = "session-ended"
    case otherSessionsEnded = "other-sessions-ended"
    case sessionKeyReset = "session-key-reset"
    case usernameChanged = "username-changed"
    case passwordChanged = "password-changed"
    case codeCreated = "reset-code-created"
    case codeDeleted = "reset-code-deleted"
    case codeUsed = "reset-code-used"
    case invitationCreated = "invitation-created"
    case invitationDeleted = "invitation-deleted"
    /// An account was registered with an invitation of the event's account.
    case invitationUsed = "invitation-used"
    case groupsSet = "groups-set"
    case administratorSet = "administrator-set"
    case administratorReset = "administrator-reset"
    case ownerSet = "owner-set"
    case deletionScheduled = "deletion-scheduled"
    case deletionCancelled = "deletion-cancelled"
    /// The deletion was due, but the app would have been left without an owner.
    case deletionDropped = "deletion-dropped"
    case accountDeleted = "account-deleted"
    /// All of its sessions ended.
    case accountSuspended = "account-suspended"
    /// Its suspension ended.
    case accountResumed = "account-resumed"
    /// A wrong code or passkey followed a right password.
    case factorWrong = "second-factor-wrong"
    case authenticatorAdded = "authenticator-app-added"
    case authenticatorRemoved = "authenticator-app-removed"
    case recoveryCodesCreated = "recovery-codes-created"
    case recoveryCodeUsed = "recovery-code-used"
    /// An administrator or an operator took all second factors away.
    case factorsRemoved = "second-factors-removed"
    case passkeyAdded = "passkey-added"
    case passkeyRemoved = "passkey-removed"
    case passkeyRefused = "passkey-refused"

    /// True for an attempt of a client that proved nothing.
    var isFailure: Bool {
      [.signInFailed, .proofFailed, .factorWrong, .passkeyRefused, .locked].contains(self)
    }
  }

  package let name: Name
  package let time: Timestamp
  package let app: AppName
  /// The account of the event; `nil` if the posted username is unknown.
  package let account: AccountID?
  /// The identifier of the acting account, or `operator NAME`; `nil` if the account itself acted.
  package let by: String?
  /// REMOTE_ADDR, or the address from the calling program; `nil` if there is none.
  package let client: String?
  /// The X-Request-Id of the response; `nil` outside HTTP.
  package let request: String?

  /// - Parameter caller: `nil` for an event of the sweep.
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
