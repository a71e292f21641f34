import DashboardEndpoints
import DashboardRouting
import TestSupport

// Provocations that many routes share.
extension Provocations {
  // MARK: Identifiers

  /// For an identifier of any account: missing and unknown.
  func any(_ name: String, code: String? = nil, source: String = "querystring") -> [Provocation] {
    [Provocation("400 \(code ?? "invalid-\(name)") missing \(source) \(name)", [name: ""])]
      + unknown(name, code: code, source: source)
  }

  /// For an identifier of the caller's account: missing, unknown, and of another account.
  func own(_ name: String, code: String? = nil, source: String = "querystring") -> [Provocation] {
    any(name, code: code, source: source) + [
      Provocation(
        "403 invalid-account \(source) \(name) is not the caller's", [name: cast.another.values[name] ?? ""])
    ]
  }

  /// For an identifier that names no record: of the right form, malformed, of another kind, in capitals.
  ///
  /// - Parameter more: further values of the requests.
  func unknown(
    _ name: String, code: String? = nil, source: String = "querystring", adding more: [String: String] = [:]
  ) -> [Provocation] {
    // The user has no passkey.
    let right = cast.user.values[name] ?? cast.another.values[name] ?? ""
    let prefix = right.prefix { $0 != "_" }
    let others = ["accountid", "sessionid"].filter { $0 != name }.compactMap { cast.user.values[$0] }
    return
      (["\(prefix)_0000000000000000", "invalid", "\(prefix)_", right.uppercased(), "\(right)0"] + others)
      .map { value in
        Provocation(
          "404 \(code ?? "invalid-\(name)") unknown \(source) \(name)", more.merging([name: value]) { $1 })
      }
  }

  // MARK: Lists

  /// For a list.
  ///
  /// - Parameters:
  ///   - stranger: an identifier that is not in the list.
  ///   - element: what the list has.
  ///   - strangers: other values after which no list can continue.
  func paging(
    _ stranger: String?, _ element: String = "an element of the list",
    strangers: [String] = ["invalid", "acct_0000000000000000"]
  ) -> [Provocation] {
    let limit = "400 invalid-limit querystring limit is not a whole number from 1 to 1000"
    let offset = "400 invalid-offset querystring offset is not a whole number"
    let after = "400 invalid-after querystring after is not \(element)"
    return ["0", "1001", "-1", "ten", "1.5", "99999999999999999999"].map { Provocation(limit, ["limit": $0]) }
      + ["-1", "two", "1e3", "99999999999999999999"].map { Provocation(offset, ["offset": $0]) }
      // An administrator's list has the records of all accounts, so its stranger is of another kind.
      + (strangers + (stranger.map { [$0] } ?? [])).map { Provocation(after, ["after": $0]) }
  }

  /// For two filters of one list.
  var tooManyFilters: Provocation {
    Provocation("400 invalid-group querystring group and contact-email are both there", ["group": "editors"])
  }

  /// For posted names of groups.
  var groups: [Provocation] {
    [
      "a,", ",a", "a,,b", "Editors", "a b", "ä", "a_b", String(repeating: "a", count: 33),
      (1...65).map { "g\($0)" }.joined(separator: ","),
    ].map {
      Provocation("400 invalid-groups posted groups has a malformed name, or more than 64", ["groups": $0])
    }
  }

  // MARK: Names and passwords

  /// For a text that is too short or too long. `CreateAccountTests/lengths` tests the limits themselves.
  func lengths(_ name: String, code: String? = nil, _ allowed: ClosedRange<Int>) -> [Provocation] {
    [allowed.lowerBound - 1, allowed.upperBound + 1].filter { $0 > 0 }.map { count in
      Provocation(
        "400 \(code ?? "invalid-\(name)-length") posted \(name) is too short or too long",
        [name: String(repeating: "ü", count: count)],
        detail: "\(name) must have \(allowed.lowerBound) to \(allowed.upperBound) characters")
    }
  }

  /// For a new username with characters that people can't see or type.
  func hidden(_ name: String) -> [Provocation] {
    ["a name\n", "na\u{200B}me"].map { text in
      Provocation(
        "400 invalid-\(name) posted \(name) has a control character, such as a line break, or an invisible one",
        [name: text])
    }
  }

  /// For a new password with characters that can't be typed.
  func controls(_ name: String, code: String) -> [Provocation] {
    ["a password\n", "a password\u{378}"].map { text in
      Provocation(
        "400 \(code) posted \(name) has a control character, such as a line break, or an unassigned one",
        [name: text])
    }
  }

  func common(_ name: String) -> [Provocation] {
    [
      Provocation(
        "400 invalid-password-common posted \(name) is among the most common passwords", [name: "Password1"],
        in: .strict)
    ]
  }

  func credentials(hasLengths: Bool) -> [Provocation] {
    func short(_ name: String, _ least: Int) -> [Provocation] {
      guard hasLengths else { return [] }
      return [
        Provocation(
          "400 invalid-\(name)-length posted \(name) is too short",
          [name: String(repeating: "ü", count: least - 1)],
          detail: "\(name) must have at least \(least) characters")
      ]
    }
    return [Provocation("400 invalid-username missing posted username", ["username": ""])]
      + short("username", 3) + [Provocation("400 invalid-password missing posted password", ["password": ""])]
      + short("password", 8) + [
        Provocation("401 invalid-username unknown username", ["username": "nobody"]),
        Provocation("401 invalid-password wrong password", ["password": "wrong password"]),
      ]
  }

  /// The limit refuses the right password too.
  var locked: [Provocation] {
    [Provocation("429 too-many-attempts too many wrong passwords or codes", in: .locked)]
  }

  var concealed: [Provocation] { [concealed("username"), concealed("password")] }

  func concealed(_ name: String) -> Provocation {
    Provocation(
      "401 invalid-credentials with CONCEAL_ACCOUNTS: unknown username, wrong password or wrong code",
      [name: "wrong\(name == "username" ? "" : "password")"], in: .concealing)
  }

  var password: [Provocation] {
    [
      Provocation("400 invalid-password missing posted password", ["password": ""]),
      Provocation("401 invalid-password wrong password", ["password": "wrong password"]),
    ]
  }

  /// Six digits that are no code of the user's authenticator app for hours.
  var wrongDigits: String {
    let right = Set((-5...200).map { cast.user.authenticator?.code($0) })
    return (0..<1000).map { String(100_000 + $0) }.first { !right.contains($0) } ?? ""
  }

  /// For a second factor that comes with another proof.
  var secondFactor: [Provocation] {
    ["12345", "1234567", "JX4Q-7ZC2-KDWP-5RT", "\u{661}23456", String(repeating: "1 ", count: 200)].map {
      Provocation(
        "400 invalid-code posted code is neither six digits nor a recovery code", ["code": $0], in: .protected
      )
    } + [
      Provocation(
        "401 invalid-code posted code is wrong or was used", ["code": AuthenticatorApp.wrongCode],
        in: .protected),
      Provocation(
        "401 second-factor-required the account has a second factor, and the request has none; `factors` has its kinds",
        in: .protected),
      Provocation(
        "429 too-many-attempts too many wrong second factors for the account",
        ["code": AuthenticatorApp.wrongCode], in: .exhausted),
    ] + malformedAnswers(in: .protected) + refusedAnswers(in: .keyed)
  }

  // MARK: Passkeys

  func malformedAnswers(in place: Provocation.Place = .ordinary) -> [Provocation] {
    ["{}", "credential", "{\"id\":\"AA\",\"response\":{}}", cast.usedAnswer + "}"].map {
      Provocation(
        "400 invalid-credential posted credential is not the JSON of a passkey's answer", ["credential": $0],
        in: place)
    }
  }

  /// For answers to a challenge that this site has not made, and to one that was used.
  ///
  /// - Parameter more: further values of the requests.
  func refusedAnswers(in place: Provocation.Place = .ordinary, adding more: [String: String] = [:])
    -> [Provocation]
  {
    let stranger = SoftAuthenticator()
    return [stranger.assertion.json, stranger.registration().json, cast.usedAnswer].map {
      Provocation(
        "401 invalid-credential posted credential is wrong, was used, is older than five minutes, or answers another challenge",
        more.merging(["credential": $0]) { $1 }, in: place)
    }
  }

  /// For a passkey without a password.
  var refusedAlone: [Provocation] { refusedAnswers(in: .keyed, adding: ["username": "", "password": ""]) }

  var unavailable: Provocation {
    Provocation(
      "409 passkeys-unavailable browsers allow passkeys only with HTTPS, or at localhost, and at a host name within PASSKEY_RP_ID",
      in: .plain)
  }

  /// A right password does not do for an account with a second factor.
  var stale: Provocation {
    Provocation(
      "403 unverified-session \(Exception.unverifiedSession.circumstances)", ["password": "wrong password"],
      as: cast.oldProtectedUser, in: .protected)
  }

  var tooMany: Provocation {
    Provocation("409 too-many-profiles the account has as many profiles as MAXIMUM_RECORDS allows", in: .full)
  }

  /// The caller owns the app at this place.
  var tooManyCodes: Provocation {
    Provocation(
      "429 too-many-attempts too many reset codes created by one account", as: cast.crowdedUser, in: .crowded)
  }

  var secretCode: [Provocation] {
    ["", "not alphanumeric", "secretOfÄda", "secret-code"].map { code in
      Provocation(
        "400 invalid-secret-code posted secret-code is missing or not made of letters and digits",
        ["secret-code": code])
    }
      + [5, 51].map { count in
        Provocation(
          "400 invalid-secret-code-length posted secret-code is too short or too long",
          ["secret-code": String(repeating: "a", count: count)],
          detail: "secret-code must have 6 to 50 characters")
      }
  }

  // MARK: Profiles

  /// For all ten fields, in the order of the checks.
  var profile: [Provocation] {
    ["full-name", "display-name", "company-name"].flatMap { text($0, 2...50) }
      + ["contact-email", "display-email"].flatMap(address)
      + ["", "1815-12-32", "2023-02-29", "10.12.1815", "9999-01-01"].map {
        Provocation("400 invalid-dob posted dob is missing, not a date, or in the future", ["dob": $0])
      } + lengths("dob", 1...256)
      + ["phone", "occupation", "location", "website"].flatMap { text($0, 1...256) }
  }

  private func text(_ name: String, _ allowed: ClosedRange<Int>) -> [Provocation] {
    [Provocation("400 invalid-\(name) missing posted \(name)", [name: ""])] + lengths(name, allowed)
  }

  private func address(_ name: String) -> [Provocation] {
    ["", "ada", "@example.org", "ada@example", "ada@b@example.org", "a da@example.org", "ada@.org"].map {
      Provocation("400 invalid-\(name) posted \(name) is missing or not an address", [name: $0])
    } + lengths(name, 1...256)
  }

  /// For a posted whole number, which is optional.
  func wholeNumber(_ name: String, _ range: String) -> [Provocation] {
    ["0", "1001", "-1", "ten", "1.5", "99999999999999999999"].map {
      Provocation("400 invalid-\(name) posted \(name) is not a whole number from \(range)", [name: $0])
    }
  }

  // MARK: States

  var ended: Provocation {
    Provocation(
      "409 invalid-session the session has already ended", ["sessionid": cast.endedSession])
  }

  func scheduled(as caller: Person? = nil) -> Provocation {
    Provocation(
      "409 invalid-account the account is scheduled for deletion", cast.deleted.account, as: caller)
  }

  func suspended(as caller: Person) -> Provocation {
    Provocation("409 invalid-account the account is suspended", cast.suspended.account, as: caller)
  }

  /// For a right password or code of a suspended account.
  func suspended(_ proof: [String: String]) -> Provocation {
    Provocation("403 account-suspended an administrator has suspended the account", proof)
  }

  var otherAdministrator: Provocation {
    Provocation(
      "403 invalid-account the account is an administrator's, and the caller is not the owner",
      cast.deletedAdministrator.account)
  }

  var onlyOwner: Provocation { Provocation("403 invalid-account the caller is not the owner") }

  /// For a record of the owner, which other administrators can't change.
  func protected(_ what: String = "account is", _ name: String = "accountid") -> Provocation {
    Provocation(
      "403 invalid-account the \(what) the owner's\(name == "accountid" ? "" : " account")",
      [name: cast.owner.values[name] ?? ""])
  }
}

extension Person {
  var credentials: [String: String] { values.filter { ["username", "password"].contains($0.key) } }
}
