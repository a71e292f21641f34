import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords
import DashboardWireFormat

extension Field {
  /// The answer of a passkey.
  static func passkey(_ purpose: PasskeyPurpose) -> Field { Field("credential", .passkey(purpose)) }

  var isPasskey: Bool { if case .passkey = kind { true } else { false } }
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

  /// The fields for the second factors of an account.
  ///
  /// - Parameter code: the name of the field for a code.
  func factorFields(_ code: String = Field.factorName, of account: Account?) -> [Field] {
    guard let kinds = account?.factors?.kinds, !kinds.isEmpty else { return [] }
    let passkey: [Field] = kinds.contains(.passkey) && mayUsePasskeys ? [.passkey(.secondFactor)] : []
    return [.secondFactor(code, isRequired: passkey.isEmpty)] + passkey
  }

  /// The second factor that was posted; `nil` if there was none.
  ///
  /// - Throws: `FactorError.malformed`, `PasskeyError.malformed`.
  func factorClaim(_ name: String = Field.factorName) throws -> FactorClaim? {
    if let credential = call.posted["credential"] {
      return .passkey(try PasskeyAnswer(credential, call.caller.browser))
    }
    return try call.posted[name].map { try FactorClaim(code: $0) }
  }

  /// A field that the script fills in. Its button and its problem are hidden until the script has run.
  func passkey(_ name: String, _ purpose: PasskeyPurpose) -> HTML {
    guard let options = try? options(purpose) else { return [] }
    let isAlone = purpose == .enrol || purpose == .signIn
    return [
      .tag(
        "input",
        [
          "type": "hidden", "name": name, "data-passkey": purpose == .enrol ? "create" : "get",
          "data-options": options,
        ]),
      isAlone
        ? []
        : .tag(
          "button", ["type": "button", "class": "primary", "data-passkey-button": "", "hidden": ""],
          words(.passkeyUse)),
      .tag(
        "p", ["class": "wrong", "role": "alert", "data-passkey-problem": "", "hidden": ""],
        words(.passkeyFailed)),
      .tag("p", ["class": "hint", "data-passkey-without": ""], words(.passkeyNeedsScript)),
    ]
  }

  /// What the browser needs, as JSON.
  private func options(_ purpose: PasskeyPurpose) throws -> String? {
    guard let cookie = call.context.effects.challengeToken else { return nil }
    let (browser, context) = (visit.browser, call.context)
    switch purpose {
    case .enrol:
      let own = try account
      return JSONWriter.text(
        try Passkeys.creation(of: own, context, browser, cookie: cookie, label: name(of: own)))
    case .secondFactor, .verify:
      let own = page.name == Page.secondStep.name ? nil : call.caller.signedIn?.account
      let known = try own ?? Passkeys.waitingAccount(browser, context)
      return JSONWriter.text(
        try Passkeys.request(purpose, of: known, context, browser, cookie: cookie))
    case .signIn:
      return JSONWriter.text(
        try Passkeys.request(purpose, of: nil, context, browser, cookie: cookie))
    }
  }
}
