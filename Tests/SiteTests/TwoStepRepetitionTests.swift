import DashboardEndpoints
import DashboardRecords
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

/// The first of two clicks uses a code or a passkey up. The second one leads to the same result.
@Suite("forms with a second factor that are sent twice")
struct TwoStepRepetitionTests {
  enum Proof: String, CaseIterable {
    case code
    case recoveryCode
    case passkey
    case passkeyAlone
  }

  enum Form: String, CaseIterable {
    case verify
    case changeUsername
    case changePassword
    case deleteAccount
    case createResetCode
    case secondStep
    case restoreAccount
    case resetAccount

    var path: String {
      switch self {
      case .verify: Page.verify.path
      case .changeUsername: Page.changeUsername.path
      case .changePassword: Page.changePassword.path
      case .deleteAccount: Page.deleteAccount.path
      case .createResetCode: Page.createResetCode.path
      case .secondStep: Page.secondStep.path
      case .restoreAccount: Page.restoreAccount.path
      case .resetAccount: Page.resetAccount.path
      }
    }

    /// True if the password alone was typed before, or none is asked for.
    var hasPassword: Bool { self != .secondStep && self != .resetAccount }

    /// A passkey proves the caller alone where no password is needed for the change itself.
    func takes(_ proof: Proof) -> Bool {
      proof != .passkeyAlone || self == .verify || self == .createResetCode
    }

    /// True if the form asks for password and second factor in its place, because the session is not fresh.
    var asks: Bool {
      switch self {
      case .changeUsername, .changePassword, .deleteAccount, .createResetCode: true
      case .verify, .secondStep, .restoreAccount, .resetAccount: false
      }
    }
  }

  /// What both clicks bring.
  private struct Click {
    let site: TestSite
    /// Signed in to the account.
    let holder: Person
    let person: Person
    let page: Answer
    var values: [String: String]

    init(_ form: Form, _ proof: Proof) throws {
      site = try TestSite()
      holder = try site.member("ada")
      let session = try #require(holder.session)
      var authenticator = try site.enrolPasskey(holder)
      let secret = try site.enrol(session)
      let query = ["accountid": "\(session.accountid)"]
      let codes = try site.dashboard.call(CreateRecoveryCodes.self, query: query, as: session)
      let password = TestSite.password(of: "ada")
      var person = holder
      values = [:]
      switch form {
      case .verify, .deleteAccount: values["password"] = password
      case .changeUsername: values = ["new-username": "adele", "password": password]
      case .changePassword: values = ["new-password": "another password", "password": password]
      case .createResetCode: values["secret-code"] = "abcdefgh12345678"
      case .secondStep:
        person = site.guest()
        _ = try person.fill(Page.signIn.path, TestSite.credentials("ada"))
      case .restoreAccount:
        person = site.guest()
        values = TestSite.credentials("ada")
        _ = try site.dashboard.call(
          SetAccountDeleted.self, query: query, posted: ["password": password], as: session)
      case .resetAccount:
        person = site.guest()
        let code = "abcdefgh12345678"
        values = ["username": "ada", "secret-code": code, "new-password": "another password"]
        _ = try site.dashboard.call(
          CreateResetCode.self, query: query, posted: ["secret-code": code], as: session)
      }
      // The code of the enrolment was used.
      if form != .secondStep { site.clock.advance(seconds: 60) } else { site.clock.advance(seconds: 30) }
      var page = try person.get(form.path)
      if form == .verify || form.asks { try site.age(session, by: 86_400) }
      if form.asks {
        page = try person.submit(page, values)
        #expect(page.status == 403 && page.heading == Language.english.text(.verifyTitle))
        values = ["verify-password": password, "new-password": "another password"]
      }
      switch proof {
      case .code: values["code"] = site.code(secret)
      case .recoveryCode: values["code"] = codes.recoveryCodes[0]
      case .passkey, .passkeyAlone:
        values["credential"] = try authenticator.assertion(for: page)
        if proof == .passkeyAlone { values["password"] = ""; values["verify-password"] = "" }
      }
      (self.person, self.page) = (person, page)
    }

    func send(_ person: Person) throws -> String {
      let answer = try person.submit(page, values)
      return "\(answer.status) \(answer.location ?? answer.heading)"
    }

    /// Events of what looked like a wrong second factor.
    var wrong: [String] {
      get throws {
        let session = try #require(holder.session)
        let kept: [AccountEvent] = try site.dashboard.services.store.read(session.appid) { snapshot in
          try snapshot.account(session.accountid).map { try snapshot.records(of: $0, limit: 100) } ?? []
        }
        return kept.map(\.name).filter { $0.contains("wrong") || $0.contains("refused") }
      }
    }
  }

  private static let pairs = Form.allCases.flatMap { form in
    Proof.allCases.filter(form.takes).map { (form, $0) }
  }

  @Test("one click after the other", arguments: pairs)
  func inTurn(form: Form, proof: Proof) throws {
    let click = try Click(form, proof)
    // A browser that has sent the second click has not seen the cookies of the first answer.
    let cookies = click.person.cookies
    let first = try click.send(click.person)
    #expect(first.hasPrefix("303 ") || form == .deleteAccount || form == .createResetCode, "\(first)")
    click.person.cookies = cookies
    #expect(try click.send(click.person) == first)
    #expect(try click.wrong == [])
  }

  @Test("both clicks at once", arguments: pairs)
  func together(form: Form, proof: Proof) throws {
    // The password can change while the second click proves it.
    for _ in 0..<(form == .changePassword ? 8 : 1) { try sendTogether(form, proof) }
  }

  private func sendTogether(_ form: Form, _ proof: Proof) throws {
    let click = try Click(form, proof)
    // Each thread has a person of its own.
    nonisolated(unsafe) let people = [0, 1].map { _ in
      let person = Person(click.site, click.person.address)
      person.cookies = click.person.cookies
      return person
    }
    nonisolated(unsafe) let sent = click
    let answers = try Threads.run(2) { try sent.send(people[$0]) }
    #expect(answers[0] == answers[1])
    #expect(answers[0].hasPrefix("303 ") || form == .deleteAccount || form == .createResetCode)
    #expect(try click.wrong == [])
  }

  @Test("after a minute, a code that was used is wrong")
  func late() throws {
    let click = try Click(.verify, .recoveryCode)
    #expect(try click.send(click.person) == "303 /account")
    click.site.clock.advance(seconds: 61)
    #expect(try click.send(click.person).hasPrefix("401 "))
    #expect(try click.wrong == ["second-factor-wrong"])
  }

  @Test("the second click does not let the session be fresh for longer")
  func freshness() throws {
    let click = try Click(.verify, .code)
    _ = try click.send(click.person)
    let proven = click.site.clock.now()
    click.site.clock.advance(seconds: 59)
    _ = try click.send(click.person)
    let session = try click.site.dashboard.session(bearer: click.holder.session?.bearer ?? "")
    #expect(session?.lastVerifiedAt == proven)
  }

  @Test("after signing in, a wrong password is wrong")
  func afterSignIn() throws {
    let person = try TestSite().member("ada")
    #expect(try person.fill(Page.verify.path, ["password": "wrong password"]).status == 401)
  }

  @Test("of clients of the API with one code at once, one verifies the session")
  func clients() throws {
    let click = try Click(.verify, .code)
    let session = try #require(click.holder.session)
    let fields = TestSite.credentials("ada").merging(click.values) { $1 }
    let path = "/api/user/set-session-verified?sessionid=\(session.sessionid)"
    nonisolated(unsafe) let people = (0..<8).map { _ in
      let person = Person(click.site, "192.0.2.1")
      person.cookies = click.person.cookies
      return person
    }
    let body = Person.encoded(fields.map { ($0.key, $0.value) })
    let answers = try Threads.run(8) { try people[$0].request("PATCH", path, body).status }
    #expect(answers.filter { $0 == 200 }.count == 1, "\(answers)")
  }
}
