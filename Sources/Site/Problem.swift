import DashboardAccounts
import DashboardRouting

/// Why a form was not accepted, in words for people.
struct Problem {
  let status: Int
  /// The field at fault; `nil` if no single field is.
  let field: String?
  let text: Text
  /// Seconds after which a retry can succeed.
  let retryAfter: Int?

  init(_ text: Text, status: Int, field: String? = nil, retryAfter: Int? = nil) {
    self.status = status
    self.field = field
    self.text = text
    self.retryAfter = retryAfter
  }

  /// - Parameter fields: the names of a form's fields, and whether each is empty. A person can't correct another field.
  init(_ exception: Exception, fields: [String: Bool] = [:]) {
    let name = exception.factors.isEmpty ? exception.field : Field.factorName
    let isEmpty = name.flatMap { fields[$0] }
    status = exception.status
    field = isEmpty == nil ? nil : name
    let text = isEmpty == true && exception.status == 400 ? .problemMissing : Self.text(of: exception)
    self.text =
      switch text {
      // Only a field of the form has an allowed length to tell.
      case .problemLength where field == nil: .problemForm
      // With CONCEAL_ACCOUNTS, in a form that takes a code in place of the password.
      case .problemCredentials where fields["secret-code"] != nil: .problemUnusableCode
      default: text
      }
    retryAfter = exception.retryAfter
  }

  /// The sentence for a declared exception. A test goes through those of all pages.
  static func text(of exception: Exception) -> Text {
    if exception.code == "invalid-account", let text = administrators(exception) { return text }
    return switch (exception.status, exception.code) {
    case (400, let code) where code.hasSuffix("-length"): .problemLength
    // Too short, in a form that reports it with this code.
    case (400, "invalid-username") where !exception.answers(UsernameError.characters): .problemLength
    case (400, "invalid-limit"), (400, "invalid-offset"), (400, "invalid-after"), (400, "invalid-group"),
      (404, "invalid-route"):
      .notFoundText
    case (400, "invalid-username"), (400, "invalid-new-username"), (400, "invalid-password"),
      (400, "invalid-new-password"):
      .problemCharacters
    case (401, "invalid-username"): .problemUnknownUsername
    case (401, "invalid-password"): .problemWrongPassword
    case (401, "invalid-credentials"): .problemCredentials
    case (400, "invalid-code"):
      exception.answers(FactorError.notDigits) ? .problemCodeDigits : .problemCodeMalformed
    case (_, "invalid-code"), (_, "second-factor-expired"): .problemCode
    case (_, "second-factor-required"): .problemFactorOwed
    case (400, "invalid-credential"): .passkeyNeedsScript
    case (_, "invalid-credential"), (_, "duplicate-passkey"): .problemPasskey
    case (_, "too-many-passkeys"): .problemPasskeyTooMany
    case (_, "passkeys-unavailable"): .passkeyNeedsName
    case (_, "invalid-passkey"): .problemLastFactor
    case (_, "second-factor-missing"): .twoFactorRequired
    case (_, "invalid-totp") where exception.answers(FactorError.lastOne): .problemLastFactor
    case (_, "invalid-totp") where exception.answers(FactorError.notProposed): .problemNotProposed
    case (_, "invalid-totp"): .problemGone
    case (_, "unverified-session"): .problemProve
    case (_, "duplicate-username"): .problemTaken
    case (_, "invalid-password-common"): .problemCommon
    case (_, "too-many-attempts"): .problemTooMany
    case (_, "account-deleted"): .problemDeleted
    case (_, "account-suspended"):
      exception.answers(DeletionError.suspended) ? .problemSuspendedDeletion : .problemSuspended
    case (_, "registration-disabled"): .problemClosed
    case (_, "invalid-setup-code"): .problemSetupCode
    case (_, "invalid-invitation-code"): .problemInvitation
    case (_, "invalid-secret-code"): .problemCodeForm
    case (_, "invalid-reset-code"): .problemUnusableCode
    case (_, "too-many-profiles"): .problemTooManyProfiles
    case (_, "invalid-profile"): .problemDefaultProfile
    case (_, "invalid-remember"): .problemRemember
    case (_, "invalid-groups"): .problemGroups
    case (_, "invalid-uses"), (_, "invalid-days"): .problemWholeNumber
    case (409, "invalid-session"): .problemGone
    case (409, "invalid-account") where exception.answers(ResetCodeError.scheduledForDeletion):
      .problemDeleted
    case (409, "invalid-account"): exception.field == "username" ? .problemNotDeleted : .problemOwner
    case (403, "invalid-account"): exception.field == "username" ? .problemDeletedByOther : .problemNotYours
    case (404, _), (400, "invalid-invitationid"), (400, "invalid-sessionid"), (400, "invalid-profileid"),
      (400, "invalid-reset-codeid"),
      (400, "invalid-accountid"), (400, "invalid-passkeyid"):
      .problemGone
    case (403, "invalid-origin"): .problemOrigin
    case (403, "invalid-session"): .problemNotYours
    case (400, "invalid-request"), (405, _), (415, _): .problemForm
    case (413, _), (414, _): .problemTooLong
    case (503, "server-busy"): .problemBusy
    case (503, _): .problemStorage
    case (400, _) where exception.field != nil: .problemProfileField
    default: .problemUnknown
    }
  }

  /// The sentence for a second factor that does not pass.
  static func text(of error: FactorError) -> Text {
    switch error {
    case .malformed: .problemCodeMalformed
    case .required: .problemFactorOwed
    default: .problemCode
    }
  }

  /// The sentence for an exception of a change that administrators make; `nil` for others.
  private static func administrators(_ exception: Exception) -> Text? {
    let texts: [(error: any RuleError, text: Text)] = [
      (AccountError.protected, .problemOwnersAccount), (SessionError.protected, .problemOwnersAccount),
      (ResetCodeError.protected, .problemOwnersAccount), (RoleError.notOwner, .problemOnlyOwner),
      (DeletionError.isOwner, .problemOwnerStays), (RoleError.isOwner, .problemOwnersRole),
      (RoleError.alreadyAdministrator, .problemAlready), (RoleError.alreadyOwner, .problemAlready),
      (RoleError.notAdministrator, .problemNotAdministrator),
      (AccountError.scheduledForDeletion, .problemScheduled),
      (AccountError.notScheduledForDeletion, .problemNotScheduled),
      (AccountError.suspended, .problemSuspendedOther),
      (AccountError.withoutPassword, .problemWithoutPassword),
      (SuspensionError.isOwner, .problemSuspendOwner), (SuspensionError.isOwn, .problemSuspendOwn),
      (SuspensionError.isAdministrator, .problemOnlyOwner),
      (SuspensionError.already, .problemSuspendedAlready),
      (SuspensionError.notSuspended, .problemNotSuspended), (FactorError.notEnrolled, .problemNoFactor),
    ]
    return texts.first { exception.answers($0.error) }?.text
  }
}
