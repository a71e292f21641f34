import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardSettings
@testable import DashboardSite
import DashboardWireFormat
import TestSupport

/// Accounts with an authenticator app, and sign-ins that wait for a code of it.
extension TestSite {
  /// Sets up an authenticator app for the account of a session.
  ///
  /// - Returns: its secret.
  @discardableResult
  func enrol(_ session: Session) throws -> [UInt8] {
    let query = ["accountid": "\(session.accountid)"]
    let proposed = try dashboard.call(CreateTOTP.self, query: query, as: session)
    let secret = try secret(proposed)
    _ = try dashboard.call(
      SetTOTPConfirmed.self, query: query, posted: ["code": code(secret)], as: session)
    return secret
  }

  func secret(_ proposed: AuthenticatorSecret) throws -> [UInt8] {
    guard let secret = Base32.bytes(Array(proposed.secret.utf8)[...]) else { throw TestFailure("no base32") }
    return secret
  }

  /// The code of an authenticator app.
  ///
  /// - Parameter steps: how many steps of 30 seconds later than the clock.
  func code(_ secret: [UInt8], _ steps: Int64 = 0) -> String {
    let step = OneTimePassword.step(at: clock.now().adding(seconds: 30 * steps).seconds)
    return String(decoding: OneTimePassword.code(secret: secret, step: step), as: UTF8.self)
  }

  /// A guest as a page needs one: for the second step, the password was right.
  func guest(for page: Page) throws -> Person {
    let guest = guest()
    if page.name == Page.secondStep.name { try letSignInWait(guest) }
    return guest
  }

  /// Types the password of an account with an authenticator app, unless a sign-in of this browser waits already.
  func letSignInWait(_ person: Person) throws {
    guard person.cookies["dashboard_pending"] == nil else { return }
    let name = "keeper of \(person.session.map { "\($0.sessionid)" } ?? "guest")"
    guard let session = try member(name).session else { throw TestFailure("no session") }
    try enrol(session)
    let former = person.cookies["dashboard_session"]
    _ = try person.request(
      "POST", "/api/user/create-session", Person.encoded(Self.credentials(name).map { ($0.key, $0.value) }))
    person.cookies["dashboard_session"] = former
    guard person.cookies["dashboard_pending"] != nil else { throw TestFailure("no sign-in waits") }
  }

  /// Lets the last proof of a session be older.
  func age(_ session: Session, by seconds: Int64) throws {
    try dashboard.services.store.write(session.appid) { change in
      guard var stored: Session = try change.current.record(session.sessionid) else {
        throw TestFailure("no session")
      }
      stored.lastVerifiedAt = stored.lastVerifiedAt.adding(seconds: -seconds)
      try change.update(stored)
    }
  }

  /// Changes the factors of an account without the API.
  func changeFactors(of session: Session, _ body: (inout Factors) -> Void) throws {
    try dashboard.services.store.write(session.appid) { change in
      guard var account = try change.current.account(session.accountid) else {
        throw TestFailure("no account")
      }
      account.changeFactors(body)
      try change.update(account)
    }
  }

  /// A passkey of the account of a session. No answer of it is right.
  ///
  /// - Parameter signsIn: false if the account does not count it, so that the password alone signs in.
  func passkey(of session: Session, signsIn: Bool = true) throws -> Passkey {
    try dashboard.services.store.write(session.appid) { change in
      guard var account = try change.current.account(session.accountid) else {
        throw TestFailure("no account")
      }
      let known: [Passkey] = try change.current.records(of: account, limit: 1)
      if let first = known.first { return first }
      if signsIn {
        account.changeFactors { $0.passkeys = 1 }
        try change.update(account)
      }
      return try change.insert(
        Passkey(
          appid: session.appid, accountid: session.accountid, name: "Phone", credentialID: [1, 2, 3],
          publicKey: [], signatureCounter: 0, isBackupEligible: true, isBackedUp: true,
          transports: ["internal"], relyingPartyID: Person.host, createdAt: clock.now()), of: account)
    }
  }

  /// Adds a passkey to a person's account by the page for it.
  ///
  /// - Parameter seed: of the authenticator's key.
  func enrolPasskey(_ person: Person, seed: UInt8 = 31) throws -> SoftAuthenticator {
    var authenticator = SoftAuthenticator(seed: seed)
    authenticator.credentialID = Array("credential \(seed)".utf8)
    authenticator.counter = 1
    let page = try person.get(Page.addPasskey.path)
    let options = try page.passkeyOptions()
    authenticator.answer(options, at: "http://\(Person.host)")
    authenticator.userHandle = options["user"]?["id"]?.string.map(Base64.bytes(ofURL:))
    let answer = try person.submit(page, ["credential": authenticator.registration().json])
    guard answer.heading == Language.english.text(.recoveryShownTitle) else { throw TestFailure(answer.text) }
    return authenticator
  }
}

extension Answer {
  /// The options for a passkey that the page has for its script.
  func passkeyOptions() throws -> JSON {
    let texts = try page.all("input").compactMap { $0["data-options"] }
    guard let text = texts.first, let options = try JSON(Array(text.utf8))["publicKey"] else {
      throw TestFailure("no passkey in \(status) \(heading)")
    }
    return options
  }
}

extension SoftAuthenticator {
  /// The answer to the field of a page, as its script posts it.
  mutating func assertion(for page: Answer) throws -> String {
    answer(try page.passkeyOptions(), at: "http://\(Person.host)")
    counter += 1
    return assertion.json
  }
}
