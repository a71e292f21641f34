/// Who may do what: a line for every route.
///
/// The request is the right one for the user, with all the user's identifiers, credentials and fields, asked by: nobody;
/// the user; another user; an administrator; the owner; the owner of another app with that app's session. Then the owner
/// asks with the identifiers of somebody in another app, and an administrator with those of the owner.
///
///     ok        200
///     in        401 Sign in required
///     rank      403 Administrator required
///     not       403 invalid-account: another's, the owner's, or only the owner may
///     none      404: the identifier names nothing
///     nobody    401 invalid-username: the username names nobody
///     state     409 invalid-account
let roleTable = """
  route                                            guest user  another admin. owner stranger  theirs  owner's

  /api/settings                                    ok    ok    ok      ok     ok    ok        ok      ok
  /api/user/create-account                         ok    ok    ok      ok     ok    ok        ok      ok
  /api/user/create-session                         ok    ok    ok      ok     ok    ok        nobody  ok
  /api/user/reset-account-deleted                  ok    ok    ok      ok     ok    ok        nobody  state
  /api/user/reset-account-password                 ok    ok    ok      ok     ok    ok        nobody  ok

  /api/user/current-session                        in    ok    ok      ok     ok    in        ok      ok
  /api/user/set-current-session-ended              in    ok    ok      ok     ok    in        ok      ok

  /api/user/account                                in    ok    not     not    not   in        none    not
  /api/user/set-account-username                   in    ok    not     not    not   in        none    not
  /api/user/set-account-password                   in    ok    not     not    not   in        none    not
  /api/user/set-account-profile                    in    ok    not     not    not   in        none    not
  /api/user/set-account-deleted                    in    ok    not     not    not   in        none    not
  /api/user/reset-session-key                      in    ok    not     not    not   in        none    not

  /api/user/session                                in    ok    not     not    not   in        none    not
  /api/user/sessions                               in    ok    not     not    not   in        none    not
  /api/user/sessions-count                         in    ok    not     not    not   in        none    not
  /api/user/set-session-verified                   in    ok    not     not    not   in        none    not
  /api/user/set-session-ended                      in    ok    not     not    not   in        none    not

  /api/user/create-profile                         in    ok    not     not    not   in        none    not
  /api/user/profile                                in    ok    not     not    not   in        none    not
  /api/user/profiles                               in    ok    not     not    not   in        none    not
  /api/user/profiles-count                         in    ok    not     not    not   in        none    not
  /api/user/update-profile                         in    ok    not     not    not   in        none    not
  /api/user/delete-profile                         in    ok    not     not    not   in        none    not

  /api/user/create-reset-code                      in    ok    not     not    not   in        none    not
  /api/user/reset-code                             in    ok    not     not    not   in        none    not
  /api/user/reset-codes                            in    ok    not     not    not   in        none    not
  /api/user/reset-codes-count                      in    ok    not     not    not   in        none    not
  /api/user/delete-reset-code                      in    ok    not     not    not   in        none    not

  /api/administrator/account                       in    rank  rank    ok     ok    in        none    ok
  /api/administrator/accounts                      in    rank  rank    ok     ok    in        ok      ok
  /api/administrator/accounts-count                in    rank  rank    ok     ok    in        ok      ok
  /api/administrator/administrator-accounts        in    rank  rank    ok     ok    in        ok      ok
  /api/administrator/administrator-accounts-count  in    rank  rank    ok     ok    in        ok      ok
  /api/administrator/deleted-accounts              in    rank  rank    ok     ok    in        ok      ok
  /api/administrator/deleted-accounts-count        in    rank  rank    ok     ok    in        ok      ok
  /api/administrator/session                       in    rank  rank    ok     ok    in        none    ok
  /api/administrator/sessions                      in    rank  rank    ok     ok    in        none    ok
  /api/administrator/sessions-count                in    rank  rank    ok     ok    in        none    ok
  /api/administrator/profile                       in    rank  rank    ok     ok    in        none    ok
  /api/administrator/profiles                      in    rank  rank    ok     ok    in        none    ok
  /api/administrator/profiles-count                in    rank  rank    ok     ok    in        none    ok
  /api/administrator/reset-code                    in    rank  rank    ok     ok    in        none    ok
  /api/administrator/reset-codes                   in    rank  rank    ok     ok    in        none    ok
  /api/administrator/reset-codes-count             in    rank  rank    ok     ok    in        none    ok
  /api/administrator/metric-keys                   in    rank  rank    ok     ok    in        ok      ok

  /api/administrator/create-reset-code             in    rank  rank    ok     ok    in        none    not
  /api/administrator/delete-reset-code             in    rank  rank    ok     ok    in        none    not
  /api/administrator/reset-session-key             in    rank  rank    ok     ok    in        none    not
  /api/administrator/set-session-ended             in    rank  rank    ok     ok    in        none    not
  /api/administrator/set-account-deleted           in    rank  rank    ok     ok    in        none    not
  /api/administrator/delete-account                in    rank  rank    ok     ok    in        none    not
  # The user's deletion is scheduled, which has ended the user's session.
  /api/administrator/reset-account-deleted         in    in    rank    ok     ok    in        none    not
  /api/administrator/set-account-administrator     in    rank  rank    not    ok    in        none    not
  # The user is an administrator.
  /api/administrator/reset-account-administrator   in    not   rank    not    ok    in        none    not
  /api/administrator/set-owner-account             in    rank  rank    not    ok    in        none    not
  """
