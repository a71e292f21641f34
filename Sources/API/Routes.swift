package import DashboardRouting

/// All routes of the API.
package enum Routes {
  package static let all: [Resource] = [
    Resource(Settings.self),

    Resource(CreateAccount.self),
    Resource(ReadAccount.self),
    Resource(SetAccountUsername.self),
    Resource(SetAccountPassword.self),
    Resource(SetAccountProfile.self),
    Resource(SetAccountDeleted.self),
    Resource(ResetAccountDeleted.self),
    Resource(ResetAccountPassword.self),
    Resource(ResetSessionKey.self),

    Resource(CreateSession.self),
    Resource(ReadSession.self),
    Resource(CurrentSession.self),
    Resource(Sessions.self),
    Resource(SessionsCount.self),
    Resource(SetSessionVerified.self),
    Resource(SetSessionEnded.self),
    Resource(SetCurrentSessionEnded.self),
    Resource(SetOtherSessionsEnded.self),

    Resource(ReadSecondFactors.self),
    Resource(CreateTOTP.self),
    Resource(SetTOTPConfirmed.self),
    Resource(DeleteTOTP.self),
    Resource(CreateRecoveryCodes.self),
    Resource(CreatePasskeyOptions.self),
    Resource(CreatePasskey.self),
    Resource(ReadPasskey.self),
    Resource(PasskeyList.self),
    Resource(PasskeysCount.self),
    Resource(DeletePasskey.self),
    Resource(CreatePasskeyChallenge.self),

    Resource(Events.self),
    Resource(Export.self),

    Resource(CreateProfile.self),
    Resource(ReadProfile.self),
    Resource(Profiles.self),
    Resource(ProfilesCount.self),
    Resource(UpdateProfile.self),
    Resource(DeleteProfile.self),

    Resource(CreateResetCode.self),
    Resource(ReadResetCode.self),
    Resource(ResetCodes.self),
    Resource(ResetCodesCount.self),
    Resource(DeleteResetCode.self),

    Resource(Administrator.CreateAccount.self),
    Resource(Administrator.ReadAccount.self),
    Resource(Administrator.Accounts.self),
    Resource(Administrator.AccountsCount.self),
    Resource(Administrator.AdministratorAccounts.self),
    Resource(Administrator.AdministratorAccountsCount.self),
    Resource(Administrator.DeletedAccounts.self),
    Resource(Administrator.DeletedAccountsCount.self),
    Resource(Administrator.SetAccountAdministrator.self),
    Resource(Administrator.ResetAccountAdministrator.self),
    Resource(Administrator.SetOwnerAccount.self),
    Resource(Administrator.SetAccountDeleted.self),
    Resource(Administrator.ResetAccountDeleted.self),
    Resource(Administrator.DeleteAccount.self),
    Resource(Administrator.SetAccountSuspended.self),
    Resource(Administrator.ResetAccountSuspended.self),
    Resource(Administrator.SetAccountGroups.self),
    Resource(Administrator.Groups.self),
    Resource(Administrator.ResetSessionKey.self),

    Resource(Administrator.ReadSession.self),
    Resource(Administrator.Sessions.self),
    Resource(Administrator.SessionsCount.self),
    Resource(Administrator.SetSessionEnded.self),

    Resource(Administrator.ReadSecondFactors.self),
    Resource(Administrator.DeleteSecondFactors.self),

    Resource(Administrator.Events.self),

    Resource(Administrator.ReadProfile.self),
    Resource(Administrator.Profiles.self),
    Resource(Administrator.ProfilesCount.self),

    Resource(Administrator.CreateResetCode.self),
    Resource(Administrator.ReadResetCode.self),
    Resource(Administrator.ResetCodes.self),
    Resource(Administrator.ResetCodesCount.self),
    Resource(Administrator.DeleteResetCode.self),

    Resource(Administrator.CreateInvitation.self),
    Resource(Administrator.ReadInvitation.self),
    Resource(Administrator.Invitations.self),
    Resource(Administrator.InvitationsCount.self),
    Resource(Administrator.DeleteInvitation.self),

    Resource(Administrator.MetricKeys.self),
  ]
  /// All endpoints, in the order of the documentation.
  package static var endpoints: [AnyEndpoint] { all.flatMap { $0.operations.compactMap(\.endpoint) } }
}
