package import DashboardRecords
import DashboardStore
import DashboardWebAuthn
package import DashboardWireFormat

package enum PasskeyError: String, RuleError {
  /// Browsers allow no passkeys at the site's address.
  case unavailable = "passkeys-unavailable"
  /// The text is no answer of a browser.
  case malformed = "passkey-malformed"
  /// The answer is not right, or its challenge was used or is too old.
  case refused = "passkey-refused"
  case unknown = "passkey-unknown"
  case nameLength = "passkey-name-length"
  /// The account has `Passkeys.most`.
  case tooMany = "too-many-passkeys"
  /// An account has this passkey already.
  case exists = "passkey-exists"

  package var allowedLength: ClosedRange<Int>? { self == .nameLength ? Passkeys.nameLength : nil }
}

/// What a browser answers about a passkey: JSON as `PublicKeyCredential.toJSON()` makes it (WebAuthn section 5.1).
package struct PasskeyAnswer: Sendable {
  let credentialID: [UInt8]
  let clientDataJSON: [UInt8]
  private let response: JSONValue
  let browser: BrowserState

  /// - Throws: `PasskeyError.malformed`.
  package init(_ text: Bytes, _ browser: BrowserState) throws(PasskeyError) {
    guard text.count <= 65_536, let value = JSONValue(text), let response = value["response"],
      let id = Self.bytes(value["rawId"] ?? value["id"]), !id.isEmpty,
      let data = Self.bytes(response["clientDataJSON"])
    else { throw .malformed }
    (credentialID, clientDataJSON) = (id, data)
    (self.response, self.browser) = (response, browser)
  }

  private static func bytes(_ value: JSONValue?) -> [UInt8]? {
    value?.string.flatMap { Base64URL.bytes(Array($0.utf8)[...]) }
  }

  /// The challenge that the client data names; `nil` if there is none. The ceremony compares it.
  var challenge: [UInt8]? { Self.bytes(JSONValue(clientDataJSON[...])?["challenge"]) }

  var userHandle: [UInt8]? { Self.bytes(response["userHandle"]) }

  var transports: [String] {
    guard case .array(let values) = response["transports"] else { return [] }
    let known = values.compactMap(\.string).filter { text in
      (1...16).contains(text.utf8.count)
        && text.utf8.allSatisfy {
          $0 == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        }
    }
    return Array(known.prefix(8))
  }

  /// True if the authenticator says that it has verified its holder, so that the answer can count alone. The ceremony checks it.
  package var isVerified: Bool {
    // The flags stand behind the hash of the domain (WebAuthn section 6.1).
    Self.bytes(response["authenticatorData"]).map { $0.count > 32 && $0[32] & 4 != 0 } ?? false
  }

  var registration: DashboardWebAuthn.Registration.Response? {
    Self.bytes(response["attestationObject"]).map {
      DashboardWebAuthn.Registration.Response(clientDataJSON: clientDataJSON, attestationObject: $0)
    }
  }

  var assertion: Assertion.Response? {
    guard let data = Self.bytes(response["authenticatorData"]),
      let signature = Self.bytes(response["signature"])
    else { return nil }
    return Assertion.Response(clientDataJSON: clientDataJSON, authenticatorData: data, signature: signature)
  }

  /// The ceremony of the answer, if its challenge was made for the purpose, the account and the browser.
  ///
  /// The field of a page can prove a session beside the password or alone, so its challenge for a second factor serves both.
  ///
  /// - Returns: the ceremony with the data of its challenge; `nil` if the answer is to another one.
  func ceremony(_ purpose: PasskeyPurpose, of account: AccountID?, _ context: Context) -> (
    ceremony: Ceremony, data: [UInt8]
  )? {
    guard let challenge, let cookie = browser.challengeToken, let site = context.passkeySite(browser) else {
      return nil
    }
    func data(_ purpose: PasskeyPurpose) -> [UInt8]? {
      PasskeyChallenge.data(of: challenge, purpose, of: account, cookie: cookie, context)
    }
    guard let data = data(purpose) ?? (purpose == .verify ? data(.secondFactor) : nil) else { return nil }
    return (
      Ceremony(
        challenge: challenge, origins: [site.origin], relyingPartyID: site.domain,
        requiresUserVerification: purpose.requiresUserVerification), data
    )
  }
}

extension PasskeyAnswer {
  /// True if the challenge was made for the purpose, in this browser, for the account whose sign-in waits.
  package func `is`(for purpose: PasskeyPurpose, _ caller: Caller, _ context: Context) -> Bool {
    guard let waiting = caller.pendingSignIn else { return false }
    return ceremony(purpose, of: waiting.accountid, context) != nil
  }
}

extension Change {
  /// Uses a passkey: checks the answer, and keeps that its challenge was used.
  ///
  /// - Parameters:
  ///   - account: the account that it must belong to; `nil` for the one to which it belongs.
  /// - Returns: its account; `nil` if the answer is not right.
  func use(
    _ answer: PasskeyAnswer, for purpose: PasskeyPurpose, of account: Account?, _ context: Context,
    at now: Timestamp
  ) throws -> Account? {
    let found: Passkey? = try current.record(hash: Passkey.lookupHash(of: answer.credentialID))
    guard var passkey = found, let owner = try account ?? current.account(passkey.accountid),
      passkey.accountid == owner.accountid, let response = answer.assertion,
      let handle = owner.factors?.userHandle, answer.userHandle.map({ $0 == handle }) ?? (account != nil),
      let (ceremony, _) = answer.ceremony(purpose, of: purpose == .signIn ? nil : owner.accountid, context)
        ?? (purpose == .secondFactor ? answer.ceremony(purpose, of: nil, context) : nil)
    else { return nil }
    let use: Assertion.Use
    do {
      use = try Assertion.verify(
        response, ceremony,
        of: Assertion.Credential(
          publicKey: passkey.publicKey, signatureCounter: passkey.signatureCounter,
          isBackupEligible: passkey.isBackupEligible, relyingPartyID: passkey.relyingPartyID))
    } catch { return nil }
    guard try context.isFirst(answer, self, now) else { return nil }
    passkey.signatureCounter = use.signatureCounter
    passkey.isBackedUp = use.isBackedUp
    passkey.lastUsedAt = now
    try update(passkey)
    return owner
  }
}

extension Context {
  /// Keeps that a challenge was used, for as long as it would count.
  ///
  /// - Returns: false if it was used before.
  func isFirst(_ answer: PasskeyAnswer, _ change: borrowing Change, _ now: Timestamp) throws -> Bool {
    guard let challenge = answer.challenge else { return false }
    let key = AttemptKey(.challenge, mark(challenge))
    return try change.count(
      [(key, 1)], end: now.adding(seconds: PasskeyChallenge.lifetime), now: now) == nil
  }
}
