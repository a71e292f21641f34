import DashboardEndpoints
import DashboardRouting
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("the sentences for problems")
struct ProblemTests {
  /// The sentence for an exception: by page, status, code and field, or without the page.
  private static let expected: [String: Text] = [
    "400 invalid-username username": .problemCharacters,
    "400 invalid-password password": .problemCharacters,
    "400 invalid-password new-password": .problemCharacters,
    "400 invalid-new-username new-username": .problemCharacters,
    "400 invalid-new-password new-password": .problemCharacters,
    "400 invalid-username-length username": .problemLength,
    "400 invalid-password-length password": .problemLength,
    "400 invalid-password-length new-password": .problemLength,
    "400 invalid-new-username-length new-username": .problemLength,
    "400 invalid-new-password-length new-password": .problemLength,
    "400 invalid-secret-code-length secret-code": .problemLength,
    "400 invalid-password-common password": .problemCommon,
    "400 invalid-password-common new-password": .problemCommon,
    "400 invalid-secret-code secret-code": .problemCodeForm,
    "400 invalid-remember remember": .problemRemember,
    "400 invalid-groups groups": .problemGroups,
    "400 invalid-uses uses": .problemWholeNumber, "400 invalid-days days": .problemWholeNumber,
    "400 invalid-invitationid invitationid": .problemGone,
    "404 invalid-invitationid invitationid": .problemGone,
    "401 invalid-username username": .problemUnknownUsername,
    "401 invalid-password password": .problemWrongPassword,
    "401 invalid-credentials ": .problemCredentials,
    "401 invalid-reset-code secret-code": .problemUnusableCode,
    "403 registration-disabled ": .problemClosed,
    "403 invalid-setup-code setup-code": .problemSetupCode,
    "403 invalid-invitation-code invitation-code": .problemInvitation,
    "409 duplicate-username username": .problemTaken,
    "409 duplicate-username new-username": .problemTaken,
    "403 account-suspended username": .problemSuspended,
    "restore-account 403 account-suspended username": .problemSuspendedDeletion,
    "409 account-deleted username": .problemDeleted,
    // The declaration has this for a name that is too short.
    "reset-account 400 invalid-username username": .problemLength,
    "reset-account 409 invalid-account username": .problemDeleted,
    "restore-account 409 invalid-account username": .problemNotDeleted,
    "restore-account 403 invalid-account username": .problemDeletedByOther,
    "delete-account 409 invalid-account accountid": .problemOwner,
    "409 too-many-profiles ": .problemTooManyProfiles,
    "409 invalid-profile profileid": .problemDefaultProfile,
    "409 invalid-session sessionid": .problemGone,
    "429 too-many-attempts ": .problemTooMany,
    "400 invalid-sessionid sessionid": .problemGone, "404 invalid-sessionid sessionid": .problemGone,
    "400 invalid-profileid profileid": .problemGone, "404 invalid-profileid profileid": .problemGone,
    "400 invalid-reset-codeid codeid": .problemGone, "404 invalid-reset-codeid codeid": .problemGone,
    "400 invalid-accountid accountid": .problemGone, "404 invalid-accountid accountid": .problemGone,
    "404 invalid-username username": .problemGone,
    "403 invalid-account sessionid": .problemNotYours, "403 invalid-account profileid": .problemNotYours,
    "verify 403 invalid-session sessionid": .problemNotYours,
    "403 invalid-account codeid": .problemNotYours, "403 invalid-account accountid": .problemNotYours,
    "404 invalid-eventid eventid": .problemGone,
    "400 invalid-passkeyid passkeyid": .problemGone, "404 invalid-passkeyid passkeyid": .problemGone,
    "403 invalid-account passkeyid": .problemNotYours,
    "400 invalid-credential credential": .passkeyNeedsScript,
    "401 invalid-credential credential": .problemPasskey, "409 duplicate-passkey ": .problemPasskey,
    "409 too-many-passkeys ": .problemPasskeyTooMany, "409 invalid-passkey ": .problemLastFactor,
    "400 invalid-limit limit": .notFoundText, "400 invalid-offset offset": .notFoundText,
    "400 invalid-after after": .notFoundText, "400 invalid-group group": .notFoundText,
    // The router's own.
    "404 invalid-route ": .notFoundText, "405 invalid-method ": .problemForm,
    "414 invalid-url-length ": .problemTooLong, "413 invalid-request-length ": .problemTooLong,
    "415 invalid-content-type ": .problemForm, "400 invalid-request ": .problemForm,
    "403 invalid-origin ": .problemOrigin, "503 server-busy ": .problemBusy,
    "503 storage-unavailable ": .problemStorage, "500 unknown-error ": .problemUnknown,
    "400 invalid-code code": .problemCodeMalformed, "401 invalid-code code": .problemCode,
    "401 second-factor-expired ": .problemCode, "401 second-factor-required ": .problemFactorOwed,
    "403 second-factor-missing ": .twoFactorRequired, "403 unverified-session ": .problemProve,
    "confirm-authenticator-app 409 invalid-totp ": .problemNotProposed,
    "create-recovery-codes 409 invalid-account ": .problemNoFactor,
    // No page asks this: an application server calls the API.
    "403 invalid-application-server ": .problemUnknown,
  ]

  /// The same by the circumstances, for changes of other accounts.
  private static let byAdministrators: [String: Text] = [
    "the account is the owner's": .problemOwnersAccount,
    "the session belongs to the owner's account": .problemOwnersAccount,
    "the reset code belongs to the owner's account": .problemOwnersAccount,
    "the caller is not the owner": .problemOnlyOwner,
    "only the owner can delete the owner's account": .problemOwnerStays,
    "the owner's account can't be removed": .problemOwnerStays,
    "the owner is always an administrator": .problemOwnersRole,
    "the account is already an administrator's": .problemAlready,
    "the account is already the owner's": .problemAlready,
    "the account is not an administrator's": .problemNotAdministrator,
    "the account is scheduled for deletion": .problemScheduled,
    "the account is suspended": .problemSuspendedOther,
    "the owner can't be suspended": .problemSuspendOwner,
    "the account is the caller's own": .problemSuspendOwn,
    "the account is an administrator's, and the caller is not the owner": .problemOnlyOwner,
    "the account is already suspended": .problemSuspendedAlready,
    "the account is not suspended": .problemNotSuspended,
    "the account has no password yet": .problemWithoutPassword,
    "the account is not scheduled for deletion, or its deletion is due": .problemNotScheduled,
    "the account has no second factor": .problemNoFactor,
  ]

  /// The same by the circumstances, where the code of the exception says less.
  private static let byCircumstances: [String: Text] = [
    "posted code is not six digits": .problemCodeDigits,
    "the account has no authenticator app": .problemGone,
    "the account must have a second factor (SECOND_FACTOR), and this is the last one": .problemLastFactor,
  ]

  private static func text(_ exception: Exception, _ page: Page?) throws -> Text {
    if let text = byCircumstances[exception.circumstances] { return text }
    if page?.wing == .administrator, let text = byAdministrators[exception.circumstances] { return text }
    let page = page?.name ?? ""
    let name = "\(exception.status) \(exception.code) \(exception.field ?? "")"
    let isOfProfile = exception.status == 400 && Language.english.label(exception.field ?? "") != nil
    return try #require(
      expected["\(page) \(name)"] ?? expected[name]
        ?? (exception.code.hasSuffix("-length") ? .problemLength : isOfProfile ? .problemProfileField : nil),
      "\(page): \(name)")
  }

  @Test(
    "each exception of a page's form has a sentence that says what to do", arguments: Page.withForm.indices)
  func forms(index: Int) throws {
    let page = Page.withForm[index]
    guard let declaration = page.form?.declaration else { return }
    let exceptions = declaration.exceptions + declaration.accessExceptions + declaration.commonExceptions
    for exception in exceptions {
      let field = exception.field ?? ""
      // A script fills in the field of a passkey.
      let isTyped = field != "credential"
      let isMissing = isTyped && exception.circumstances.hasPrefix("missing posted")
      let problem = Problem(exception, fields: isTyped ? [field: isMissing] : [:])
      let expected = isMissing ? .problemMissing : try Self.text(exception, page)
      #expect(problem.text == expected, "\(exception.status) \(exception.code)")
    }
  }

  @Test("each exception of what a page reads has one too")
  func reads() throws {
    let declarations = [
      ReadSession.declaration, Sessions.declaration, ReadProfile.declaration, Profiles.declaration,
      ReadResetCode.declaration, ResetCodes.declaration, Administrator.ReadAccount.declaration,
      Administrator.Accounts.declaration, Administrator.Sessions.declaration,
      Administrator.ReadSession.declaration, Administrator.ReadProfile.declaration,
      Administrator.ReadResetCode.declaration, Administrator.ReadInvitation.declaration,
      Administrator.Invitations.declaration,
    ]
    for exception in declarations.flatMap({ $0.exceptions }) + [.invalidMethod] {
      #expect(
        try Problem(exception).text == Self.text(exception, nil), "\(exception.status) \(exception.code)")
    }
  }

  @Test("no sentence on a page has a place without a value", arguments: Page.withForm.indices)
  func filled(index: Int) throws {
    let site = try TestSite(["REQUIRE_PROFILE": "true", "USER_PROFILE_FIELDS": WordsTests.allFields])
    let page = Page.withForm[index]
    let declaration = try #require(page.form?.declaration)
    let fields = try site.view(page) { view in
      page.form?.fields(view).filter { !$0.isPasskey }.map(\.name) ?? []
    }
    for exception in declaration.exceptions + declaration.commonExceptions {
      for isMissing in [false, true] {
        let problem = Problem(exception, fields: Dictionary(fields.map { ($0, isMissing) }) { $1 })
        let text = try site.view(page) { $0.sentence(problem) }
        #expect(!text.contains("{") && !text.contains(": .") && !text.contains("  "), "\(text)")
      }
    }
  }
}
