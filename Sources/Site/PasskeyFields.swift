import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords
import DashboardWireFormat

extension Field {
  static let factorName = "code"

  /// The code of a second factor.
  ///
  /// - Parameter isDigits: true for the code of an app alone.
  static func secondFactor(isRequired: Bool, isDigits: Bool = false, hint: Text? = nil) -> Field {
    Field(
      factorName, isDigits ? .digits : .code, autocomplete: "one-time-code", isRequired: isRequired,
      hint: hint)
  }

  /// The answer of a passkey.
  ///
  /// - Parameters:
  ///   - account: the account that must be known to be the visitor's; `nil` for a guest, who learns of no passkeys.
  ///   - isAlone: true if the form needs nothing else that a person types.
  static func passkey(_ purpose: PasskeyPurpose, of account: Account? = nil, isAlone: Bool = false) -> Field {
    Field("credential", .passkey(purpose, of: account, isAlone: isAlone))
  }

  var isPasskey: Bool { if case .passkey = kind { true } else { false } }

  /// True if another field can stand in its place.
  var isAlternative: Bool { name == Self.factorName && hint != .codeHint }

  /// True if the field has a button of its own, which sends the form.
  private var hasButton: Bool {
    switch kind {
    case .passkey(.secondFactor, _, _), .passkey(.verify, _, _): true
    default: false
    }
  }

  /// True if only the script can send the form, by the form's own button.
  var isSentByScript: Bool { isPasskey && !hasButton }

  /// The fields above the button that sends the form, and those below it.
  static func split(_ fields: [Field]) -> (above: [Field], below: [Field]) {
    fields.last?.hasButton == true ? (fields.dropLast(), fields.suffix(1)) : (fields, [])
  }
}

/// Passkeys in a form: what its script needs, and what people read if there is none.
extension View {
  /// True if browsers allow passkeys at this address.
  var mayUsePasskeys: Bool { call.context.passkeySite(visit.browser) != nil }

  /// True if the page has a field for a passkey, and so needs the script.
  var hasPasskeyField: Bool { call.context.effects.challengeToken != nil }

  /// Binds the challenges of the fields to the browser, if there is a field for a passkey.
  mutating func bindChallenges(of fields: [Field]) {
    if fields.contains(where: \.isPasskey) { _ = call.bindChallenges(visit.browser.challengeToken) }
  }

  /// The fields for the second factors of an account; empty if it has none.
  ///
  /// - Parameter isAlone: true if a passkey proves all that the form asks for.
  func factorFields(of account: Account?, isAlone: Bool = false) -> [Field] {
    guard let account, let kinds = account.factors?.kinds, !kinds.isEmpty else { return [] }
    let hasApp = kinds.contains(.totp)
    let passkey: [Field] =
      kinds.contains(.passkey) && mayUsePasskeys
      ? [.passkey(.secondFactor, of: account, isAlone: isAlone)] : []
    return [.secondFactor(isRequired: passkey.isEmpty, hint: hasApp ? .codeHintKnown : .codeHintRecovery)]
      + passkey
  }

  /// The fields for the second factors of an account that the form names. They are known to be its own once the form has proven it.
  var factorFieldsOfNamed: [Field] {
    let proven = call.context.effects.provenAccount
    let known = factorFields(of: proven.flatMap { id in try? call.read { try $0.account(id) } })
    if !known.isEmpty { return known }
    return [.secondFactor(isRequired: false, hint: .codeHint)]
      + (mayUsePasskeys ? [.passkey(.secondFactor)] : [])
  }

  /// The second factor that was posted; `nil` if there was none.
  ///
  /// - Throws: `FactorError.malformed`, `PasskeyError.malformed`.
  func factorClaim() throws -> FactorClaim? {
    if let credential = call.posted["credential"] {
      return .passkey(try PasskeyAnswer(credential, call.caller.browser))
    }
    return try call.posted[Field.factorName].map { try FactorClaim(code: $0) }
  }

  /// Proves the caller again, by password and second factor or by a passkey alone. A passkey that counts alone needs no password.
  ///
  /// - Parameter password: `nil` if none was posted.
  /// - Throws: errors of `Verification.verify` and `factorClaim`.
  mutating func prove(_ password: Bytes?) throws -> Session {
    let claim = try factorClaim()
    // A browser may have filled in a password that is wrong.
    if case .passkey(let answer) = claim, answer.isVerified {
      return try Verification.verify(call.caller, &call.context, answer)
    }
    if let password {
      return try Verification.verify(call.caller, &call.context, password: password, factor: claim)
    }
    guard case .passkey(let answer) = claim else { throw CredentialError.wrongPassword }
    return try Verification.verify(call.caller, &call.context, answer)
  }

  /// What the caller proves by the fields of a form.
  ///
  /// - Parameter needsPassword: true if a passkey alone is not enough.
  func proofLead(needsPassword: Bool) -> Text {
    let fields = factorFields(of: call.caller.signedIn?.account)
    if fields.isEmpty { return .verifyLead }
    if !fields.contains(where: \.isPasskey) { return .verifyLeadCode }
    return needsPassword ? .verifyLeadEither : .verifyLeadPasskey
  }

  /// A field that the script fills in. Its button and its problem are hidden until the script has run.
  func passkey(_ name: String, _ purpose: PasskeyPurpose, of account: Account?, isAlone: Bool) -> HTML {
    guard let options = try? options(purpose, of: account) else { return [] }
    let hasOwnPage = purpose == .enrol || purpose == .signIn
    var input: [(key: StaticString, value: String)] = [
      ("type", "hidden"), ("name", name), ("data-passkey", purpose == .enrol ? "create" : "get"),
      ("data-options", options),
    ]
    if isAlone { input.append(("data-passkey-alone", "")) }
    let instead: Text =
      switch purpose {
      case .enrol: .passkeyAppInstead
      case .signIn: .passkeyPasswordInstead
      case .verify, .secondFactor: .passkeyCodeInstead
      }
    let field: HTML = [
      .tag("input", list: input),
      hasOwnPage
        ? []
        : .tag(
          "button", ["type": "button", "class": "other", "data-passkey-button": "", "hidden": ""],
          words(isAlone ? .passkeyUse : .passkeyInPlace)),
      wrong(.passkeyFailed, "data-passkey-failed"),
      purpose == .enrol ? wrong(.passkeyKnown, "data-passkey-known") : [],
      .tag(
        "p", ["class": "hint", "data-passkey-without": ""], words(.passkeyNeedsScript), " ", words(instead)),
    ]
    return hasOwnPage ? field : .tag("div", ["class": "passkey"], field)
  }

  /// What went wrong, hidden until the script shows it.
  private func wrong(_ text: Text, _ name: StaticString) -> HTML {
    .tag("p", list: [("class", "wrong"), ("role", "alert"), (name, ""), ("hidden", "")], words(text))
  }

  /// What the browser needs, as JSON.
  private func options(_ purpose: PasskeyPurpose, of account: Account?) throws -> String? {
    guard let cookie = call.context.effects.challengeToken else { return nil }
    let (browser, context) = (visit.browser, call.context)
    if purpose == .enrol {
      let own = try self.account
      return JSONWriter.text(
        try Passkeys.creation(of: own, context, browser, cookie: cookie, label: name(of: own)))
    }
    return JSONWriter.text(try Passkeys.request(purpose, of: account, context, browser, cookie: cookie))
  }
}
