package import DashboardRecords
import DashboardStore
import DashboardWebAuthn
package import DashboardWireFormat

/// Rules of passkeys: asking for them, adding and removing them.
package enum Passkeys {
  /// Of one account.
  package static let most = 20
  /// In Unicode scalars.
  package static let nameLength = 1...50

  /// What a page passes to the browser to make a passkey for the caller's account.
  ///
  /// - Parameters:
  ///   - cookie: the token of the browser's cookie.
  ///   - label: the account's name in the browser's list, if the site keeps no usernames; `nil` to leave it to the client.
  /// - Throws: `PasskeyError.unavailable`.
  package static func creation(
    of account: Account, _ context: Context, _ browser: BrowserState, cookie: String, label: String?
  ) throws -> PasskeyCreation {
    guard let site = context.passkeySite(browser) else { throw PasskeyError.unavailable }
    let kept = account.factors?.userHandle ?? []
    let handle = kept.isEmpty ? context.random.bytes(32) : kept
    let challenge = PasskeyChallenge(.enrol, of: account.accountid, cookie: cookie, data: handle, context)
    let name = context.app.username(of: account) ?? label ?? ""
    return PasskeyCreation(
      challenge: challenge.bytes, domain: site.domain,
      siteName: context.configuration.site.name ?? site.domain, userHandle: handle, userName: name,
      existing: try context.read { try $0.passkeys(of: account) }.map(PasskeyDescriptor.init))
  }

  /// What a page passes to the browser to use a passkey.
  ///
  /// - Parameter account: the account that must be known to be the visitor's; `nil` for a guest, who learns of no passkeys.
  /// - Throws: `PasskeyError.unavailable`.
  package static func request(
    _ purpose: PasskeyPurpose, of account: Account?, _ context: Context, _ browser: BrowserState,
    cookie: String
  ) throws -> PasskeyRequest {
    guard let site = context.passkeySite(browser) else { throw PasskeyError.unavailable }
    let challenge = PasskeyChallenge(purpose, of: account?.accountid, cookie: cookie, context)
    let allowed = try account.map { account in try context.read { try $0.passkeys(of: account) } } ?? []
    return PasskeyRequest(
      challenge: challenge.bytes, domain: site.domain, allowed: allowed.map(PasskeyDescriptor.init),
      requiresUserVerification: purpose.requiresUserVerification)
  }

  /// The account whose sign-in waits for a second factor; `nil` if none waits.
  package static func waitingAccount(_ browser: BrowserState, _ context: Context) throws -> Account? {
    guard let credential = browser.pendingSignIn else { return nil }
    return try context.read { try $0.waitingAccount(credential, context) }
  }

  /// Adds a passkey to the caller's account. Its other sessions end. The first second factor comes with recovery codes.
  ///
  /// - Throws: `PasskeyError`.
  package static func add(
    _ caller: Caller, _ context: inout Context, _ answer: PasskeyAnswer, name: Bytes
  ) throws -> SecondFactors {
    guard nameLength.contains(name.scalarCount) else { throw PasskeyError.nameLength }
    let name = String(decoding: name, as: UTF8.self)
    let own = try caller.requireSignedIn().account.accountid
    let codes = RecoveryCodes.draft(of: own, context)
    let result: Addition = try context.changeOwn(caller) { [context] change, account, now in
      // Of two pages with options for a first passkey, the first answer gives the account its name.
      let kept = account.factors?.userHandle ?? []
      guard let (new, ceremony, handle) = answer.newCredential(of: account.accountid, context),
        kept.isEmpty || kept == handle
      else {
        try change.keep(.passkeyRefused, of: account, by: caller, context, at: now)
        return .refused
      }
      let known: Passkey? = try change.current.record(hash: Passkey.lookupHash(of: new.id))
      if let known {
        // A second click brings the same answer.
        guard known.accountid == account.accountid, context.mayRepeat, context.isRecent(known.createdAt)
        else { throw PasskeyError.exists }
        return .repeated(account.shown(with: codes, context))
      }
      guard try context.isFirst(answer, change, now) else { throw PasskeyError.refused }
      guard Int(account.factors?.passkeys ?? 0) < most else { throw PasskeyError.tooMany }
      var account = account
      _ = try change.insert(
        Passkey(
          appid: account.appid, accountid: account.accountid, name: name, credentialID: new.id,
          publicKey: new.publicKey, signatureCounter: new.signatureCounter,
          isBackupEligible: new.isBackupEligible, isBackedUp: new.isBackedUp, transports: answer.transports,
          relyingPartyID: ceremony.relyingPartyID, createdAt: now), of: account)
      account.changeFactors { factors in
        factors.passkeys += 1
        factors.userHandle = handle
      }
      let made = try account.addRecoveryCodes(codes, context, change, at: now)
      try change.finish(&account, of: caller, proving: .passkey, .passkeyAdded, context, now)
      return .added(account.shown(with: made, context))
    }
    switch result {
    case .refused:
      context.log(.passkeyRefused, own)
      throw PasskeyError.refused
    case .repeated(let shown):
      context.effects.isRepeated = true
      return shown
    case .added(let shown):
      context.log(.passkeyAdded, own)
      return shown
    }
  }

  private enum Addition {
    case refused
    case repeated(SecondFactors)
    case added(SecondFactors)
  }

  /// Removes a passkey of the caller's account. Its other sessions end.
  ///
  /// - Throws: `PasskeyError.unknown`, `FactorError.lastOne`.
  package static func remove(_ caller: Caller, _ context: inout Context, _ id: PasskeyID) throws
    -> SecondFactors
  {
    let shown = try context.changeOwn(caller) { [context] change, account, now in
      guard let passkey: Passkey = try change.current.record(id, of: account) else {
        throw PasskeyError.unknown
      }
      var account = account
      try change.remove(passkey, of: account)
      account.changeFactors { $0.passkeys -= $0.passkeys > 0 ? 1 : 0 }
      try account.settleFactors(context)
      try change.finish(&account, of: caller, proving: [], .passkeyRemoved, context, now)
      return FactorChanges.shown(account, context)
    }
    context.log(.passkeyRemoved, shown.accountid)
    return shown
  }
}

extension Snapshot {
  func passkeys(of account: Account) throws -> [Passkey] { try records(of: account, limit: Passkeys.most) }
}

extension PasskeyAnswer {
  /// The credential that the browser has made for an account, with its ceremony and the account's name for authenticators; `nil` if the
  /// answer is not right.
  fileprivate func newCredential(of account: AccountID, _ context: Context) -> (
    credential: NewCredential, ceremony: Ceremony, userHandle: [UInt8]
  )? {
    guard let (ceremony, handle) = ceremony(.enrol, of: account, context), let response = registration else {
      return nil
    }
    do {
      return (try DashboardWebAuthn.Registration.verify(response, ceremony), ceremony, handle)
    } catch { return nil }
  }
}
