/// What a page says about the action that led to it. The field `notice` in its URL has the raw value, so no free text of a link is shown.
enum Notice: String, CaseIterable, Sendable {
  case registered
  case accountMade = "account-made"
  case signedOut = "signed-out"
  case sessionOver = "session-over"
  case signInFirst = "sign-in-first"
  case usernameChanged = "username-changed"
  case passwordChanged = "password-changed"
  case passwordReset = "password-reset"
  case sessionEnded = "session-ended"
  case sessionsEnded = "sessions-ended"
  case deviceNoted = "device-noted"
  case profileSaved = "profile-saved"
  case profileRemoved = "profile-removed"
  case profileUsed = "profile-used"
  case codeRemoved = "code-removed"
  case restored
  case deletionScheduled = "deletion-scheduled"
  case deletionCancelled = "deletion-cancelled"
  case accountRemoved = "account-removed"
  case groupsSet = "groups-set"
  case suspended
  case resumed
  case invitationDeleted = "invitation-deleted"
  case administratorAssigned = "administrator-assigned"
  case administratorRevoked = "administrator-revoked"
  case ownershipTransferred = "ownership-transferred"
  case sessionKeyReset = "session-key-reset"
  case authenticatorAdded = "authenticator-app-added"
  case authenticatorRemoved = "authenticator-app-removed"
  case signInExpired = "sign-in-expired"
  case recoveryCodeUsed = "recovery-code-used"
  case codesReplaced = "recovery-codes-replaced"
  case factorsRemoved = "second-factors-removed"
  case passkeyAdded = "passkey-added"
  case passkeyRemoved = "passkey-removed"

  var text: Text {
    switch self {
    case .registered: .noticeRegistered
    case .accountMade: .noticeAccountMade
    case .signedOut: .noticeSignedOut
    case .sessionOver: .noticeSessionOver
    case .signInFirst: .noticeSignInFirst
    case .usernameChanged: .noticeUsernameChanged
    case .passwordChanged: .noticePasswordChanged
    case .passwordReset: .noticePasswordReset
    case .sessionEnded: .noticeSessionEnded
    case .sessionsEnded: .noticeSessionsEnded
    case .deviceNoted: .noticeDeviceNoted
    case .profileSaved: .noticeProfileSaved
    case .profileRemoved: .noticeProfileRemoved
    case .profileUsed: .noticeProfileUsed
    case .codeRemoved: .noticeCodeRemoved
    case .restored: .noticeRestored
    case .deletionScheduled: .noticeDeletionScheduled
    case .deletionCancelled: .noticeDeletionCancelled
    case .accountRemoved: .noticeAccountRemoved
    case .groupsSet: .noticeGroupsSet
    case .suspended: .noticeSuspended
    case .resumed: .noticeResumed
    case .invitationDeleted: .noticeInvitationDeleted
    case .administratorAssigned: .noticeAdministratorAssigned
    case .administratorRevoked: .noticeAdministratorRevoked
    case .ownershipTransferred: .noticeOwnershipTransferred
    case .sessionKeyReset: .noticeSessionKeyReset
    case .authenticatorAdded: .noticeAuthenticatorAdded
    case .authenticatorRemoved: .noticeAuthenticatorRemoved
    case .signInExpired: .noticeSignInExpired
    case .recoveryCodeUsed: .noticeRecoveryCodeUsed
    case .codesReplaced: .noticeCodesReplaced
    case .factorsRemoved: .noticeFactorsRemoved
    case .passkeyAdded: .noticePasskeyAdded
    case .passkeyRemoved: .noticePasskeyRemoved
    }
  }

  /// A path with the notice in its query. Paths of an application stay as they are.
  func added(to path: String) -> String {
    let end = path.firstIndex { "?#".contains($0) } ?? path.endIndex
    guard Wing(of: Array(path[..<end].utf8)[...]) != nil else { return path }
    let fragment = path.firstIndex(of: "#") ?? path.endIndex
    let base = path[..<fragment]
    return "\(base)\(base.contains("?") ? "&" : "?")notice=\(rawValue)\(path[fragment...])"
  }
}
