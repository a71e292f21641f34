/// The access of every caller to every route under `/api`: one line for each route.
///
/// The request has the user's identifiers, credentials and fields. The first six columns are its callers: a guest, the
/// user, another user, an administrator, the owner, and the owner of another app with that app's session. In the column
/// "theirs" the owner sends the identifiers of a person in another app. In the column "owner's" an administrator sends
/// the owner's identifiers.
///
///     ok        200
///     in        401 Sign in required
///     rank      403 Administrator required
///     not       403 invalid-account: another account's record, or only the owner may
///     none      404: the identifier names no record
///     name      401 invalid-username: no account has the username
///     state     409 invalid-account
let roleTable = """
         route                                       guest user  another admin. owner stranger  theirs  owner's

  GET    /settings                                   ok    ok    ok      ok     ok    ok        ok      ok
  POST   /user/create-account                        ok    ok    ok      ok     ok    ok        ok      ok
  POST   /user/create-session                        ok    ok    ok      ok     ok    ok        name    ok
  PATCH  /user/reset-account-deleted                 ok    ok    ok      ok     ok    ok        name    state
  PATCH  /user/reset-account-password                ok    ok    ok      ok     ok    ok        name    ok

  GET    /user/current-session                       in    ok    ok      ok     ok    in        ok      ok
  PATCH  /user/set-current-session-ended             in    ok    ok      ok     ok    in        ok      ok
  PATCH  /user/set-other-sessions-ended              in    ok    ok      ok     ok    in        ok      ok

  GET    /user/account                               in    ok    not     not    not   in        none    not
  PATCH  /user/set-account-username                  in    ok    not     not    not   in        none    not
  PATCH  /user/set-account-password                  in    ok    not     not    not   in        none    not
  PATCH  /user/set-account-profile                   in    ok    not     not    not   in        none    not
  PATCH  /user/set-account-deleted                   in    ok    not     not    not   in        none    not
  PATCH  /user/reset-session-key                     in    ok    not     not    not   in        none    not

  GET    /user/session                               in    ok    not     not    not   in        none    not
  GET    /user/sessions                              in    ok    not     not    not   in        none    not
  GET    /user/sessions-count                        in    ok    not     not    not   in        none    not
  PATCH  /user/set-session-verified                  in    ok    not     not    not   in        none    not
  PATCH  /user/set-session-ended                     in    ok    not     not    not   in        none    not

  GET    /user/second-factors                        in    ok    not     not    not   in        none    not
  POST   /user/create-totp                           in    ok    not     not    not   in        none    not
  PATCH  /user/set-totp-confirmed                    in    ok    not     not    not   in        none    not
  # The user has an authenticator app.
  DELETE /user/delete-totp                           in    ok    not     not    not   in        none    not
  POST   /user/create-recovery-codes                 in    ok    not     not    not   in        none    not

  POST   /user/create-passkey-challenge              ok    ok    ok      ok     ok    ok        ok      ok
  POST   /user/create-passkey-options                in    ok    not     not    not   in        none    not
  POST   /user/create-passkey                        in    ok    not     not    not   in        none    not
  # The user and the owner have a passkey.
  GET    /user/passkey                               in    ok    not     not    not   in        none    not
  GET    /user/passkeys                              in    ok    not     not    not   in        none    not
  GET    /user/passkeys-count                        in    ok    not     not    not   in        none    not
  DELETE /user/delete-passkey                        in    ok    not     not    not   in        none    not

  GET    /user/events                                in    ok    not     not    not   in        none    not
  GET    /user/export                                in    ok    ok      ok     ok    in        ok      ok

  POST   /user/create-profile                        in    ok    not     not    not   in        none    not
  GET    /user/profile                               in    ok    not     not    not   in        none    not
  GET    /user/profiles                              in    ok    not     not    not   in        none    not
  GET    /user/profiles-count                        in    ok    not     not    not   in        none    not
  PATCH  /user/update-profile                        in    ok    not     not    not   in        none    not
  DELETE /user/delete-profile                        in    ok    not     not    not   in        none    not

  POST   /user/create-reset-code                     in    ok    not     not    not   in        none    not
  GET    /user/reset-code                            in    ok    not     not    not   in        none    not
  GET    /user/reset-codes                           in    ok    not     not    not   in        none    not
  GET    /user/reset-codes-count                     in    ok    not     not    not   in        none    not
  DELETE /user/delete-reset-code                     in    ok    not     not    not   in        none    not

  GET    /administrator/account                      in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/accounts                     in    rank  rank    ok     ok    in        ok      ok
  GET    /administrator/accounts-count               in    rank  rank    ok     ok    in        ok      ok
  GET    /administrator/administrator-accounts       in    rank  rank    ok     ok    in        ok      ok
  GET    /administrator/administrator-accounts-count in    rank  rank    ok     ok    in        ok      ok
  GET    /administrator/deleted-accounts             in    rank  rank    ok     ok    in        ok      ok
  GET    /administrator/deleted-accounts-count       in    rank  rank    ok     ok    in        ok      ok
  GET    /administrator/session                      in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/sessions                     in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/sessions-count               in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/events                       in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/profile                      in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/profiles                     in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/profiles-count               in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/reset-code                   in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/reset-codes                  in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/reset-codes-count            in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/invitation                   in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/invitations                  in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/invitations-count            in    rank  rank    ok     ok    in        none    ok
  GET    /administrator/groups                       in    rank  rank    ok     ok    in        ok      ok
  GET    /administrator/metric-keys                  in    rank  rank    ok     ok    in        ok      ok
  GET    /administrator/second-factors               in    rank  rank    ok     ok    in        none    ok

  POST   /administrator/create-account               in    rank  rank    ok     ok    in        ok      ok
  POST   /administrator/create-invitation            in    rank  rank    ok     ok    in        ok      ok
  # Every administrator can withdraw the owner's too.
  DELETE /administrator/delete-invitation            in    rank  rank    ok     ok    in        none    ok
  POST   /administrator/create-reset-code            in    rank  rank    ok     ok    in        none    not
  DELETE /administrator/delete-reset-code            in    rank  rank    ok     ok    in        none    not
  PATCH  /administrator/reset-session-key            in    rank  rank    ok     ok    in        none    not
  PATCH  /administrator/set-session-ended            in    rank  rank    ok     ok    in        none    not
  PATCH  /administrator/set-account-deleted          in    rank  rank    ok     ok    in        none    not
  DELETE /administrator/delete-account               in    rank  rank    ok     ok    in        none    not
  # The deletion of the user is scheduled, and the user's session has ended.
  PATCH  /administrator/reset-account-deleted        in    in    rank    ok     ok    in        none    not
  PATCH  /administrator/set-account-suspended        in    rank  rank    ok     ok    in        none    not
  PATCH  /administrator/set-account-groups           in    rank  rank    ok     ok    in        none    not
  # The user is suspended, and the user's session has ended.
  PATCH  /administrator/reset-account-suspended      in    in    rank    ok     ok    in        none    not
  # The user has an authenticator app.
  DELETE /administrator/delete-second-factors        in    rank  rank    ok     ok    in        none    not
  PATCH  /administrator/set-account-administrator    in    rank  rank    not    ok    in        none    not
  # The user is an administrator.
  PATCH  /administrator/reset-account-administrator  in    not   rank    not    ok    in        none    not
  PATCH  /administrator/set-owner-account            in    rank  rank    not    ok    in        none    not
  """
