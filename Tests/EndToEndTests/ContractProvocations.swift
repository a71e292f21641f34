import DashboardEndpoints
import DashboardRouting
import TestSupport

/// Provokes a declared exception: the difference from a request that succeeds.
struct Provocation: Sendable {
  /// An app with settings that some exceptions need.
  enum Place: CaseIterable, Sendable {
    case ordinary
    /// The app has no account, its first one needs a setup code, and registration is closed.
    case unclaimed
    /// As before, and the attempts of the address are used up.
    case besieged
    /// Registration is closed.
    case closed
    /// The attempts with the user's username are used up.
    case locked
    /// The registrations of the address and the reset codes of the user are used up.
    case crowded
    /// The user has the allowed number of profiles.
    case full
    /// CONCEAL_ACCOUNTS is true.
    case concealing
    /// REFUSE_COMMON_PASSWORDS is true.
    case strict
    /// The user has an authenticator app, and must have a second factor.
    case protected
    /// The user has an authenticator app, and wrong codes are used up.
    case exhausted
    /// The user has one passkey, and must have a second factor.
    case keyed
    /// The user has the allowed number of passkeys.
    case laden
    /// The ordinary app at a site without HTTPS.
    case plain
  }

  /// The declared status, code and circumstances: `404 invalid-accountid invalid querystring accountid`.
  let exception: String
  /// Replaced values of parameters. The tests also leave out a parameter with an empty value.
  let changes: [String: String]
  /// `nil` for the usual caller of the route: a guest, the user or an administrator.
  let caller: Person?
  /// The app of the request.
  let place: Place
  /// The `detail` of the answer; `nil` if it equals the circumstances.
  let detail: String?

  init(
    _ exception: String, _ changes: [String: String] = [:], as caller: Person? = nil,
    in place: Place = .ordinary,
    detail: String? = nil
  ) {
    self.exception = exception
    self.changes = changes
    self.caller = caller
    self.place = place
    self.detail = detail
  }
}

/// The provocations of every route. A route without exceptions of its own needs none.
struct Provocations {
  let cast: Cast

  func of(_ route: String) throws -> [Provocation] {
    let (owner, another) = (cast.owner, cast.another)
    switch route {
    case "/api/user/create-account":
      let wrongCode =
        "403 invalid-setup-code the app has no account, and posted setup-code is missing or wrong"
      return [
        Provocation(wrongCode, in: .unclaimed),
        Provocation(wrongCode, ["setup-code": ""], in: .unclaimed),
      ]
        + ["not a code", "00000000000000000000"].map {
          Provocation(
            "403 invalid-invitation-code posted invitation-code is not the code of an invitation, or it has expired, is used up or counts no more",
            ["invitation-code": $0])
        } + [
          Provocation("403 registration-disabled registration is closed", in: .closed),
          Provocation("400 invalid-username missing posted username", ["username": ""]),
          Provocation("400 invalid-password missing posted password", ["password": ""]),
        ] + hidden("username") + controls("password", code: "invalid-password") + lengths("username", 3...100)
        + lengths("password", 8...128) + common("password") + profile + [
          Provocation(
            "429 too-many-attempts too many registrations or username changes from one address", in: .crowded),
          Provocation("409 duplicate-username posted username is taken", ["username": "owner"]),
          Provocation("429 too-many-attempts too many wrong passwords or codes", in: .besieged),
        ]
    case "/api/user/create-session":
      let text =
        "400 invalid-remember posted remember is not hours, days, minutes, or the value of a checkbox"
      return credentials(hasLengths: false) + locked + concealed + [
        Provocation(text, ["remember": "weeks"]), Provocation(text, ["remember": "2"]),
        suspended(cast.suspended.credentials),
        Provocation("409 account-deleted the account is scheduled for deletion", cast.deleted.credentials),
        Provocation(
          "401 second-factor-expired no sign-in of this client waits for a second factor: post username and password again",
          ["username": "", "password": "", "code": AuthenticatorApp.wrongCode], in: .protected),
      ] + secondFactor + refusedAlone
    case "/api/user/reset-account-deleted":
      return credentials(hasLengths: true) + locked + concealed + [
        Provocation("409 invalid-account the account is not scheduled for deletion, or its deletion is due"),
        suspended(cast.suspended.credentials),
        Provocation("403 invalid-account an administrator scheduled the deletion", cast.deleted.credentials),
      ] + secondFactor
    case "/api/user/reset-account-password":
      return [
        Provocation("400 invalid-secret-code missing posted secret-code", ["secret-code": ""]),
        Provocation("400 invalid-username posted username is missing or too short", ["username": ""]),
        Provocation("400 invalid-username posted username is missing or too short", ["username": "ab"]),
        Provocation("400 invalid-password missing posted new-password", ["new-password": ""]),
      ] + controls("new-password", code: "invalid-password")
        + lengths("new-password", code: "invalid-password-length", 8...128) + common("new-password") + [
          Provocation("401 invalid-username unknown username", ["username": "nobody"]),
          Provocation(
            "409 invalid-account the account is scheduled for deletion", ["username": "deleted"]),
          Provocation(
            "401 invalid-reset-code posted secret-code is not a valid reset code of the account",
            ["secret-code": "unknown"]),
          // The code of another account.
          Provocation(
            "401 invalid-reset-code posted secret-code is not a valid reset code of the account",
            ["secret-code": "secretOfanother"]),
          suspended(["username": "suspended", "secret-code": "secretOfsuspended"]),
        ] + locked + [concealed("secret-code")] + secondFactor

    case "/api/user/account", "/api/user/sessions-count", "/api/user/passkeys-count",
      "/api/user/profiles-count",
      "/api/user/reset-codes-count", "/api/user/reset-session-key":
      return own("accountid")
    case "/api/user/events": return own("accountid") + paging(another.values["sessionid"])
    case "/api/user/sessions": return own("accountid") + paging(another.values["sessionid"])
    case "/api/user/profiles": return own("accountid") + paging(another.values["profileid"])
    case "/api/user/reset-codes": return own("accountid") + paging(another.values["codeid"])
    case "/api/user/passkeys": return own("accountid") + paging(another.values["passkeyid"])
    case "/api/user/session": return own("sessionid")
    case "/api/user/passkey": return own("passkeyid")
    case "/api/user/profile": return own("profileid")
    case "/api/user/reset-code", "/api/user/delete-reset-code":
      return own("codeid", code: "invalid-reset-codeid")

    case "/api/user/set-account-username":
      return own("accountid") + [
        Provocation("400 invalid-new-username missing posted new-username", ["new-username": ""])
      ] + hidden("new-username") + lengths("new-username", 3...100) + [
        Provocation(
          "429 too-many-attempts too many registrations or username changes from one address", in: .crowded)
      ] + password + locked + [
        stale,
        Provocation("409 duplicate-username posted new-username is taken", ["new-username": "another"]),
        Provocation("409 duplicate-username posted new-username is taken", ["new-username": "user"]),
      ]
    case "/api/user/set-account-password":
      return own("accountid") + [
        Provocation("400 invalid-new-password missing posted new-password", ["new-password": ""])
      ] + controls("new-password", code: "invalid-new-password") + lengths("new-password", 8...128)
        + common("new-password") + password + locked + [stale]
    case "/api/user/set-account-profile":
      return own("accountid") + own("profileid", source: "posted")
    case "/api/user/set-account-deleted":
      return own("accountid") + password + locked + [
        stale,
        Provocation(
          "409 invalid-account the account is the owner's, and the app has other accounts",
          owner.account.merging(owner.credentials) { $1 }, as: owner),
      ]
    case "/api/user/set-session-ended": return own("sessionid") + [ended]
    case "/api/user/set-session-verified":
      return own("sessionid") + [
        Provocation(
          "403 invalid-session querystring sessionid is not the caller's session",
          ["sessionid": cast.olderSession])
      ] + credentials(hasLengths: true) + locked + concealed + [
        Provocation("401 invalid-username unknown username", another.credentials)
      ] + secondFactor + refusedAlone
    case "/api/user/second-factors", "/api/user/create-totp": return own("accountid")
    case "/api/user/set-totp-confirmed":
      return own("accountid") + [
        Provocation("400 invalid-code missing posted code", ["code": ""])
      ]
        + ["12345", "1234567", "abcdef", AuthenticatorApp.wrongCode].map {
          Provocation("400 invalid-code posted code is not six digits", ["code": $0])
        } + [
          Provocation(
            "409 invalid-totp no authenticator app waits for its first code: call create-totp",
            ["code": "123456"], in: .full),
          Provocation("401 invalid-code posted code is wrong or was used", ["code": wrongDigits]),
        ]
    case "/api/user/delete-totp":
      return own("accountid") + [
        Provocation("409 invalid-totp the account has no authenticator app"),
        Provocation(
          "409 invalid-totp the account must have a second factor (SECOND_FACTOR), and this is the last one",
          in: .protected),
      ]
    case "/api/user/create-recovery-codes":
      return own("accountid") + [Provocation("409 invalid-account the account has no second factor")]
    case "/api/user/create-passkey-options": return own("accountid") + [unavailable]
    case "/api/user/create-passkey":
      // The answer for a passkey that the account has, or that another account has.
      func answer(of device: PasskeyDevice, for person: Person) throws -> [String: String] {
        var device = device
        return ["credential": try cast.contract.registration(by: &device, for: person)]
      }
      let tooLong = String(repeating: "ü", count: 51)
      return own("accountid") + [
        Provocation("400 invalid-credential missing posted credential", ["credential": ""])
      ] + malformedAnswers()
        + [
          Provocation(
            "400 invalid-passkey-name-length posted passkey-name is too short or too long",
            ["passkey-name": tooLong], detail: "passkey-name must have 1 to 50 characters")
        ] + refusedAnswers() + [
          Provocation(
            "409 duplicate-passkey an account has this passkey already",
            try answer(of: PasskeyDevice(another.user.accountid), for: cast.user)),
          Provocation(
            "409 too-many-passkeys the account has 20 passkeys",
            try answer(of: PasskeyDevice("one too many"), for: cast.ladenUser), in: .laden),
        ]
    case "/api/user/create-passkey-challenge":
      return ["", "enrol", "Sign-in", "secondFactor"].map {
        Provocation(
          "400 invalid-purpose posted purpose is not sign-in, second-factor or verify", ["purpose": $0])
      } + [
        Provocation(
          "401 invalid-purpose posted purpose is verify, and the caller has no session", ["purpose": "verify"]
        ), unavailable,
      ]
    case "/api/user/delete-passkey":
      return own("passkeyid") + [
        Provocation(
          "409 invalid-passkey the account must have a second factor (SECOND_FACTOR), and this is the last one",
          in: .keyed)
      ]
    case "/api/user/create-profile": return own("accountid") + profile + [tooMany]
    case "/api/user/update-profile": return own("profileid") + profile
    case "/api/user/delete-profile":
      return own("profileid") + [
        Provocation(
          "409 invalid-profile querystring profileid is the default profile",
          ["profileid": cast.user.defaultProfile])
      ]
    case "/api/user/create-reset-code": return own("accountid") + secretCode + [tooManyCodes]

    case "/api/administrator/account":
      let notOne =
        "400 invalid-accountid querystring accountid and username are both missing, or both there"
      let both = cast.user.account.merging(["username": "user"]) { $1 }
      return [Provocation(notOne, ["accountid": "", "username": ""]), Provocation(notOne, both)]
        + unknown("accountid", adding: ["username": ""])
        + ["nobody", "us\u{200B}er", "stranger", "u"].map {
          Provocation(
            "404 invalid-username unknown querystring username", ["accountid": "", "username": $0])
        }
    case "/api/administrator/second-factors": return any("accountid")
    case "/api/administrator/delete-second-factors":
      return any("accountid") + [
        protected(), otherAdministrator,
        Provocation("409 invalid-account the account has no second factor"),
      ]
    case "/api/administrator/session": return any("sessionid")
    case "/api/administrator/profile": return any("profileid")
    case "/api/administrator/reset-code": return any("codeid", code: "invalid-reset-codeid")
    case "/api/administrator/accounts": return [tooManyFilters] + paging(another.values["profileid"])
    case "/api/administrator/accounts-count": return [tooManyFilters]
    case "/api/administrator/groups":
      // A name of the right form is a place in the list, whether a group has it or not.
      return paging(
        nil, "the name of a group", strangers: ["Editors", "a_b", String(repeating: "a", count: 33)])
    case "/api/administrator/administrator-accounts": return paging(another.values["accountid"])
    case "/api/administrator/deleted-accounts": return paging(another.values["accountid"])
    case "/api/administrator/events": return unknown("accountid") + paging(another.values["sessionid"])
    case "/api/administrator/sessions": return unknown("accountid") + paging(another.values["sessionid"])
    case "/api/administrator/profiles": return unknown("accountid") + paging(another.values["profileid"])
    case "/api/administrator/reset-codes": return unknown("accountid") + paging(another.values["codeid"])
    case "/api/administrator/sessions-count", "/api/administrator/profiles-count",
      "/api/administrator/reset-codes-count":
      return unknown("accountid")

    case "/api/administrator/create-account":
      return [Provocation("400 invalid-username missing posted username", ["username": ""])]
        + hidden("username") + lengths("username", 3...100)
        + groups
        + ["0", "91", "-1", "1.5", "seven", "99999999999999999999"].map {
          Provocation("400 invalid-days posted days is not a whole number from 1 to 90", ["days": $0])
        } + [
          tooManyCodes,
          Provocation("409 duplicate-username posted username is taken", ["username": "owner"]),
        ]
    case "/api/administrator/create-reset-code":
      return any("accountid") + [protected()] + secretCode + [tooManyCodes]
    case "/api/administrator/reset-session-key": return any("accountid") + [protected(), scheduled()]
    case "/api/administrator/set-account-administrator":
      return any("accountid") + [
        onlyOwner,
        Provocation(
          "409 invalid-account the account is already an administrator's", cast.administrator.account,
          as: owner),
        scheduled(as: owner), suspended(as: owner),
      ]
    case "/api/administrator/reset-account-administrator":
      return any("accountid") + [
        onlyOwner,
        Provocation(
          "403 invalid-account the owner is always an administrator", owner.account, as: owner),
        Provocation(
          "409 invalid-account the account is not an administrator's", another.account, as: owner),
        Provocation(
          "409 invalid-account the account is scheduled for deletion", cast.deletedAdministrator.account,
          as: owner),
      ]
    case "/api/administrator/set-owner-account":
      return any("accountid") + [
        onlyOwner,
        Provocation("409 invalid-account the account is already the owner's", owner.account, as: owner),
        scheduled(as: owner), suspended(as: owner),
        Provocation("409 invalid-account the account has no password yet", cast.madeForAnother, as: owner),
      ]
    case "/api/administrator/set-account-deleted":
      let text = "403 invalid-account only the owner can delete the owner's account"
      return any("accountid") + [
        Provocation(text, owner.account), Provocation(text, owner.account, as: owner), scheduled(),
      ]
    case "/api/administrator/delete-account":
      let text = "403 invalid-account the owner's account can't be removed"
      return any("accountid") + [
        Provocation(text, owner.account), Provocation(text, owner.account, as: owner),
      ]
    case "/api/administrator/reset-account-deleted":
      return any("accountid") + [
        protected(),
        Provocation("409 invalid-account the account is not scheduled for deletion, or its deletion is due"),
      ]
    case "/api/administrator/set-account-groups": return any("accountid") + groups + [protected()]
    case "/api/administrator/set-account-suspended":
      return any("accountid") + [
        Provocation(
          "400 invalid-reason-length posted reason is too long",
          ["reason": String(repeating: "ü", count: 257)],
          detail: "reason must have 1 to 256 characters"),
        Provocation("403 invalid-account the owner can't be suspended", owner.account),
        Provocation("403 invalid-account the owner can't be suspended", owner.account, as: owner),
        Provocation("403 invalid-account the account is the caller's own", cast.administrator.account),
        otherAdministrator,
        Provocation("409 invalid-account the account is already suspended", cast.suspended.account),
      ]
    case "/api/administrator/reset-account-suspended":
      return any("accountid") + [
        otherAdministrator,
        Provocation("409 invalid-account the account is not suspended"),
        Provocation("409 invalid-account the account is not suspended", owner.account, as: owner),
      ]
    case "/api/administrator/set-session-ended":
      return any("sessionid") + [protected("session belongs to", "sessionid"), ended]
    case "/api/administrator/delete-reset-code":
      return any("codeid", code: "invalid-reset-codeid") + [protected("reset code belongs to", "codeid")]
    case "/api/administrator/create-invitation":
      return wholeNumber("uses", "1 to 1000") + wholeNumber("days", "1 to 90")
        + ["a,", "Editors", "a b"].map {
          Provocation(
            "400 invalid-groups posted groups has a malformed name, or more than 64", ["groups": $0])
        } + [
          Provocation(
            "400 invalid-note-length posted note is too long", ["note": String(repeating: "ü", count: 257)],
            detail: "note must have 0 to 256 characters")
        ]
    case "/api/administrator/invitation", "/api/administrator/delete-invitation":
      return any("invitationid")
    case "/api/administrator/invitations":
      return unknown("accountid") + paging(another.values["invitationid"])
    case "/api/administrator/invitations-count": return unknown("accountid")
    case "/api/administrator/metric-keys":
      return [Provocation("400 invalid-keys missing querystring keys", ["keys": ""])]
        + [
          "accounts-created", "accounts-created/", "/total", "logins/total", "accounts-created/2022-13",
          "accounts-created/total,", "accounts-created/total/total",
        ].map {
          Provocation("400 invalid-key querystring keys has an element that is not NAME/PERIOD", ["keys": $0])
        }
    default: return []
    }
  }
}
