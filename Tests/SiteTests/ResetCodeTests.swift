import DashboardCrypto
import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import DashboardSettings
@testable import DashboardSite
import TestSupport
import Testing

@Suite("making a reset code, and the question for the password")
struct ResetCodeTests {
  private let site: TestSite
  private let person: Person
  private let session: Session
  private let path = "/account/create-reset-code"
  private let secrets: Secrets

  init() throws {
    site = try TestSite(["MAXIMUM_ATTEMPTS": "3", "MAXIMUM_REGISTRATIONS": "4"])
    person = try site.member("ada")
    secrets = try site.dashboard.app().secrets
    session = try #require(person.session)
  }

  private func count() throws -> Int { try site.count(ResetCodesCount.self, of: session) }

  /// The form that asks for the password of a session that is not fresh.
  private func question(_ person: Person, code: String = "abcdefgh1") throws -> Answer {
    let form = try person.get(path)
    site.clock.advance(seconds: Int64(site.dashboard.configuration.app.verificationDelay))
    let answer = try person.submit(form, ["secret-code": code])
    try AccessTests.expectPage(answer, 403)
    #expect(answer.heading == Language.english.text(.verifyTitle))
    #expect(!answer.text.contains(code))
    return answer
  }

  @Test("a code is shown once, and can't be told from another answer's by a proxy")
  func shown() throws {
    let form = try person.get(path)
    let code = try #require(try form.input("secret-code")?["value"])
    #expect(code.count == 16 && code.allSatisfy { $0.isLetter || $0.isNumber })
    #expect(try person.get(path).input("secret-code")?["value"] != code)
    let answer = try person.submit(form)
    try AccessTests.expectPage(answer, 200)
    #expect(try answer.text(of: "secret") == code)
    #expect(try count() == 1)
    #expect(try !person.get("/account/reset-codes").text.contains(code))
  }

  @Test("the same form again makes no second code, and says that it was made already")
  func again() throws {
    let form = try person.get(path)
    let code = try #require(try form.input("secret-code")?["value"])
    let first = try person.submit(form)
    // The browser has dropped the answer to the first click, so the second one shows the code.
    site.clock.advance(seconds: 59)
    let second = try person.submit(form)
    try AccessTests.expectPage(second, 200)
    #expect(try second.text(of: "secret") == code)
    site.clock.advance(seconds: 1)
    // More than the rate limit allows: only a code that is made counts.
    for _ in 0..<6 {
      let later = try person.submit(form)
      try AccessTests.expectPage(later, 200)
      #expect(!later.text.contains(code))
      #expect(later.text.contains(Language.english.text(.resetCodeAlreadyMade)))
    }
    #expect(try count() == 1)
    #expect(first.status == 200)
    // A code that has become invalid can be made again.
    let link = try #require(
      try person.get("/account/reset-codes").page.all("a").compactMap { $0["href"] }.first {
        $0.contains("codeid=")
      })
    _ = try person.fill(link.replacing("/reset-code?", with: "/delete-reset-code?"))
    #expect(try person.submit(form).text(of: "secret") == code)
    #expect(try count() == 1)
  }

  @Test("the API replaces a code with the same secret")
  func api() throws {
    let query = ["accountid": "\(session.accountid)"]
    let codes = try (0..<2).map { _ in
      try site.dashboard.call(
        CreateResetCode.self, query: query, posted: ["secret-code": "abcdefgh1"], as: session)
    }
    #expect(codes[0].codeid != codes[1].codeid)
    #expect(try count() == 1)
  }

  @Test("a session that is not fresh is asked for the password in place, and goes on with it")
  func notFresh() throws {
    let asked = try question(person)
    let answer = try person.submit(
      asked, ["verify-password": TestSite.password(of: "ada"), "secret-code": "abcdefgh1"])
    try AccessTests.expectPage(answer, 200)
    #expect(try answer.text(of: "secret") == "abcdefgh1")
    // A second click finds the session fresh, and leads to the same.
    let second = try person.submit(
      asked, ["verify-password": TestSite.password(of: "ada"), "secret-code": "abcdefgh1"])
    #expect(try second.text(of: "secret") == "abcdefgh1")
    #expect(try count() == 1)
    #expect(try person.fill(path).status == 200)
  }

  @Test("opening the page leads to the question and back")
  func reading() throws {
    site.clock.advance(seconds: Int64(site.dashboard.configuration.app.verificationDelay))
    let led = try #require(try person.get(path).location)
    #expect(led == "/account/verify?return-url=/account/create-reset-code")
    let answer = try person.fill(led, ["password": TestSite.password(of: "ada")])
    #expect(answer.location == path)
    #expect(try person.get(path).heading == Language.english.text(.createResetCodeTitle))
  }

  @Test("a wrong or missing password asks again, and counts")
  func wrongPassword() throws {
    var asked = try question(person)
    let missing = try person.submit(asked, ["secret-code": "abcdefgh1"])
    try AccessTests.expectPage(missing, 403)
    #expect(try missing.text(of: "problem")?.contains("Fill in: Your password.") == true)
    for _ in 0..<3 {
      asked = try person.submit(asked, ["verify-password": "wrong password", "secret-code": "abcdefgh1"])
      try AccessTests.expectPage(asked, 403)
      #expect(try asked.text(of: "problem")?.contains(Language.english.text(.problemWrongPassword)) == true)
      #expect(try asked.input("verify-password")?["aria-invalid"] == "true")
    }
    let refused = try person.submit(
      asked, ["verify-password": TestSite.password(of: "ada"), "secret-code": "abcdefgh1"])
    try AccessTests.expectPage(refused, 429)
    #expect(refused.http["Retry-After"] != nil)
    #expect(try count() == 0)
  }

  @Test("a sealed value of another session, path or time, or a changed one, opens nothing")
  func seals() throws {
    let other = try site.signedIn("ada")
    let asked = try question(person)
    let sealed = try #require(try asked.input("sealed")?["value"])
    let foreign = Seal(try #require(other.session), path: path, secrets, now: site.clock.now()).seal(
      [], random: site.dashboard.services.random)
    let now = site.clock.now()
    let elsewhere = Seal(session, path: "/account/delete-account", secrets, now: now).seal(
      [], random: site.dashboard.services.random)
    var flipped = Array(sealed)
    flipped[60] = flipped[60] == "0" ? "1" : "0"
    for wrong in [
      foreign, elsewhere, String(flipped), String(sealed.dropLast(2)), String(sealed.dropLast()),
      sealed + "00",
      "", "00", "x", sealed.uppercased() + "x",
    ] {
      let answer = try person.submit(
        asked,
        ["sealed": wrong, "verify-password": TestSite.password(of: "ada"), "secret-code": "abcdefgh1"])
      try AccessTests.expectPage(answer, 403)
      #expect(try count() == 0)
      #expect(!answer.text.contains("abcdefgh1"))
    }
    site.clock.advance(seconds: 599)
    let late = try person.submit(asked, ["verify-password": "wrong password"])
    #expect(try late.text(of: "problem")?.contains(Language.english.text(.problemWrongPassword)) == true)
    site.clock.advance(seconds: 1)
    let over = try person.submit(
      asked, ["verify-password": TestSite.password(of: "ada"), "secret-code": "abcdefgh1"])
    try AccessTests.expectPage(over, 403)
    #expect(try over.text(of: "problem")?.contains(Language.english.text(.problemStaleForm)) == true)
    #expect(try count() == 0)
  }

  @Test("a sealed value carries what was typed, and nothing else, to the one who typed it")
  func sealing() throws {
    let random = site.dashboard.services.random
    let now = site.clock.now()
    let seal = Seal(session, path: path, secrets, now: now)
    let values = [("a", "1"), ("a b&=", "ü\u{2028}%&=+"), ("long", String(repeating: "x", count: 5000))]
    let text = seal.seal(values.map { ($0.0, Array($0.1.utf8)[...]) }, random: random)
    let opened = try #require(seal.open(Array(text.utf8)[...]))
    for (name, value) in values {
      #expect(opened[name].map { String(decoding: $0, as: UTF8.self) } == value)
    }
    #expect(!text.contains("a") || !text.contains("xxxx"))
    #expect(seal.seal([], random: random) != seal.seal([], random: random))
    let own = Array(text.utf8)[...]
    for (path, offset, opens) in [
      (path, Int64(599), true), (path, 600, false), (path + "x", 0, false), ("/account", 0, false),
    ] {
      #expect(
        (Seal(session, path: path, secrets, now: now.adding(seconds: offset)).open(own) != nil) == opens)
    }
  }
}
