package import DashboardRouting

/// All endpoints.
package enum Routes {
  package static let all: [AnyEndpoint] = [
    AnyEndpoint(Settings.self),

    AnyEndpoint(CreateAccount.self),
    AnyEndpoint(ReadAccount.self),
    AnyEndpoint(SetAccountUsername.self),
    AnyEndpoint(SetAccountPassword.self),
    AnyEndpoint(SetAccountProfile.self),
    AnyEndpoint(SetAccountDeleted.self),
    AnyEndpoint(ResetAccountDeleted.self),
    AnyEndpoint(ResetAccountPassword.self),
    AnyEndpoint(ResetSessionKey.self),

    AnyEndpoint(CreateSession.self),
    AnyEndpoint(ReadSession.self),
    AnyEndpoint(CurrentSession.self),
    AnyEndpoint(Sessions.self),
    AnyEndpoint(SessionsCount.self),
    AnyEndpoint(SetSessionVerified.self),
    AnyEndpoint(SetSessionEnded.self),
    AnyEndpoint(SetCurrentSessionEnded.self),

    AnyEndpoint(CreateProfile.self),
    AnyEndpoint(ReadProfile.self),
    AnyEndpoint(Profiles.self),
    AnyEndpoint(ProfilesCount.self),
    AnyEndpoint(UpdateProfile.self),
    AnyEndpoint(DeleteProfile.self),

    AnyEndpoint(CreateResetCode.self),
    AnyEndpoint(ReadResetCode.self),
    AnyEndpoint(ResetCodes.self),
    AnyEndpoint(ResetCodesCount.self),
    AnyEndpoint(DeleteResetCode.self),

    AnyEndpoint(Administrator.ReadAccount.self),
    AnyEndpoint(Administrator.Accounts.self),
    AnyEndpoint(Administrator.AccountsCount.self),
    AnyEndpoint(Administrator.AdministratorAccounts.self),
    AnyEndpoint(Administrator.AdministratorAccountsCount.self),
    AnyEndpoint(Administrator.DeletedAccounts.self),
    AnyEndpoint(Administrator.DeletedAccountsCount.self),
    AnyEndpoint(Administrator.SetAccountAdministrator.self),
    AnyEndpoint(Administrator.ResetAccountAdministrator.self),
    AnyEndpoint(Administrator.SetOwnerAccount.self),
    AnyEndpoint(Administrator.SetAccountDeleted.self),
    AnyEndpoint(Administrator.ResetAccountDeleted.self),
    AnyEndpoint(Administrator.DeleteAccount.self),
    AnyEndpoint(Administrator.ResetSessionKey.self),

    AnyEndpoint(Administrator.ReadSession.self),
    AnyEndpoint(Administrator.Sessions.self),
    AnyEndpoint(Administrator.SessionsCount.self),
    AnyEndpoint(Administrator.SetSessionEnded.self),

    AnyEndpoint(Administrator.ReadProfile.self),
    AnyEndpoint(Administrator.Profiles.self),
    AnyEndpoint(Administrator.ProfilesCount.self),

    AnyEndpoint(Administrator.CreateResetCode.self),
    AnyEndpoint(Administrator.ReadResetCode.self),
    AnyEndpoint(Administrator.ResetCodes.self),
    AnyEndpoint(Administrator.ResetCodesCount.self),
    AnyEndpoint(Administrator.DeleteResetCode.self),

    AnyEndpoint(Administrator.MetricKeys.self),
  ]
}
