import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

/// GET /api/user/passkey: one passkey of the caller's account.
public enum ReadPasskey: Endpoint {
  public static var route: String { "/api/user/passkey" }
  public static let declaration = Declaration(
    .get, route, "Returns a passkey of the caller's account.",
    access: .session,
    parameters: [Named.passkey.ownParameter],
    exceptions: Named.passkey.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Passkey { try Named.passkey.own(call) }
}

/// GET /api/user/passkeys: the passkeys of the caller's account, newest first.
public enum PasskeyList: Endpoint {
  public static var route: String { "/api/user/passkeys" }
  public static let declaration = Declaration.ownList(
    route, "Lists the passkeys of the caller's account, newest first.")

  public static func answer(_ call: inout Call) throws -> [Passkey] {
    try call.list(.passkey, of: NamedAccount.own(call))
  }
}

/// GET /api/user/passkeys-count: the number of passkeys of the caller's account.
public enum PasskeysCount: Endpoint {
  public static var route: String { "/api/user/passkeys-count" }
  public static let declaration = Declaration.ownCount(
    route, "Counts the passkeys of the caller's account.")

  public static func answer(_ call: inout Call) throws -> Int {
    try call.count(Passkey.self, of: NamedAccount.own(call))
  }
}

/// POST /api/user/create-passkey-options: what a browser needs to make a passkey.
public enum CreatePasskeyOptions: Endpoint {
  public static var route: String { "/api/user/create-passkey-options" }
  public static let declaration = Declaration(
    .post, route,
    "Returns what `navigator.credentials.create` needs for a passkey of the caller's account. It counts for five minutes, in the browser with the cookie APPID_challenge.",
    access: .freshSession.withoutFactor,
    parameters: [NamedAccount.ownParameter],
    exceptions: NamedAccount.ownExceptions + [PostedPasskey.unavailable],
    settings: [.siteName, .passkeyDomain, .verificationDelay])

  public static func answer(_ call: inout Call) throws -> PasskeyCreation {
    let account = try NamedAccount.own(call)
    let cookie = call.bindChallenges()
    return try Passkeys.creation(
      of: account, call.context, call.caller.browser, cookie: cookie, label: nil)
  }
}

/// POST /api/user/create-passkey: adds a passkey to the caller's account.
public enum CreatePasskey: Endpoint {
  static let name = Declaration.Parameter.optional(
    .posted, "passkey-name", "what its holder calls it; Passkey by default"
  ).limited(to: { _ in Passkeys.nameLength })
  static let nameLength = Exception(
    "invalid-passkey-name-length", 400, "posted passkey-name is too short or too long", field: "passkey-name"
  ).answering(PasskeyError.nameLength)
  static let tooMany = Exception("too-many-passkeys", 409, "the account has 20 passkeys")
    .answering(PasskeyError.tooMany)
  static let exists = Exception("duplicate-passkey", 409, "an account has this passkey already")
    .answering(PasskeyError.exists)

  public static var route: String { "/api/user/create-passkey" }
  public static let declaration = Declaration(
    .post, route,
    "Adds the passkey that a browser has made with create-passkey-options. The account's other sessions end. The first second factor comes with ten recovery codes, which are shown once.",
    access: .freshSession.withoutFactor,
    parameters: [NamedAccount.ownParameter, PostedPasskey.requiredCredential, name],
    exceptions: NamedAccount.ownExceptions + [
      PostedPasskey.missing, PostedPasskey.malformed, nameLength, PostedPasskey.refused, exists, tooMany,
    ],
    settings: [.passkeyDomain, .verificationDelay])

  public static var example: SecondFactors { .firstPasskeyExample }

  public static func answer(_ call: inout Call) throws -> SecondFactors {
    try NamedAccount.own(call)
    guard let answer = try PostedPasskey.answer(call) else { throw PostedPasskey.missing }
    return try Passkeys.add(
      call.caller, &call.context, answer, name: call.posted[name.name] ?? Array("Passkey".utf8)[...])
  }
}

/// POST /api/user/create-passkey-challenge: what a browser needs to use a passkey.
public enum CreatePasskeyChallenge: Endpoint {
  static let invalidPurpose = Exception(
    "invalid-purpose", 400, "posted purpose is not sign-in, second-factor or verify", field: "purpose")

  static let signedOut = Exception(
    "invalid-purpose", 401, "posted purpose is verify, and the caller has no session", field: "purpose")

  public static var route: String { "/api/user/create-passkey-challenge" }
  public static let declaration = Declaration(
    .post, route,
    "Returns what `navigator.credentials.get` needs. The answer to it is the parameter `credential` of create-session, set-session-verified, reset-account-password and reset-account-deleted. It counts for five minutes, in the browser with the cookie APPID_challenge. Passkeys are listed only to the account's holder: of the sign-in that waits (APPID_pending), or else of the session.",
    access: .open,
    parameters: [
      .required(
        .posted, "purpose",
        "sign-in (by the passkey alone), second-factor (beside a password or a code) or verify (a session, by the passkey alone)"
      )
    ],
    exceptions: [invalidPurpose, signedOut, PostedPasskey.unavailable],
    settings: [.passkeyDomain])

  public static func answer(_ call: inout Call) throws -> PasskeyRequest {
    let purpose = call.posted["purpose"].flatMap {
      PasskeyPurpose(rawValue: String(decoding: $0, as: UTF8.self))
    }
    guard let purpose, purpose != .enrol else { throw invalidPurpose }
    let own = call.caller.signedIn?.account
    if purpose == .verify, own == nil { throw signedOut }
    let account: Account? =
      switch purpose {
      case .verify: own
      case .secondFactor:
        try Passkeys.waitingAccount(call.caller.browser, call.context) ?? own
      case .signIn, .enrol: nil
      }
    let cookie = call.bindChallenges()
    return try Passkeys.request(purpose, of: account, call.context, call.caller.browser, cookie: cookie)
  }
}

/// DELETE /api/user/delete-passkey: removes a passkey of the caller's account.
public enum DeletePasskey: Endpoint {
  static let lastOne = Exception(
    "invalid-passkey", 409,
    "the account must have a second factor (SECOND_FACTOR), and this is the last one"
  ).answering(FactorError.lastOne)

  public static var route: String { "/api/user/delete-passkey" }
  public static let declaration = Declaration(
    .delete, route,
    "Removes a passkey. The account's other sessions end. With the last second factor the recovery codes go too.",
    access: .freshSession,
    parameters: [Named.passkey.ownParameter],
    exceptions: Named.passkey.ownExceptions + [lastOne],
    settings: [.secondFactor, .verificationDelay])

  public static var example: SecondFactors { .noneExample }

  public static func answer(_ call: inout Call) throws -> SecondFactors {
    let id = try Named.passkey.own(call).passkeyid
    return try Passkeys.remove(call.caller, &call.context, id)
  }
}
