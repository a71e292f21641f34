import TestSupport
import Testing

/// What counts once, and how often may be tried.
@Suite("limits of second factors")
struct SecondFactorLimitTests {
  private static let wrong = AuthenticatorApp.wrongCode

  private static func count(_ answers: [HTTPResponse], _ status: Int) -> Int {
    answers.filter { $0.status == status }.count
  }

  private func codesLeft(_ member: TwoStepSite.Member, _ here: TwoStepSite) throws -> JSON? {
    try here.ask("GET", "user/second-factors\(member.own)", as: member.user).json["recoveryCodesLeft"]
  }

  @Test("one code used by 32 at once gives one session", arguments: Front.allCases)
  func codeOnce(front: Front) throws {
    let here = try TwoStepSite(
      front, settings: ["MAXIMUM_FACTOR_ATTEMPTS": "20", "MAXIMUM_ATTEMPTS": "1000"])
    for name in ["ada", "eve"] {
      let member = try here.member(name)
      let code = name == "ada" ? member.app.code() : member.recoveryCodes[3]
      let answers = try Threads.run(32) { _ in try here.signIn(member, code: code) }
      #expect(Self.count(answers, 200) == 1, "\(name)")
      // A busy machine does not hash all passwords in time.
      #expect([401, 429, 503].map { Self.count(answers, $0) }.reduce(0, +) == 31)
      #expect(try here.signIn(member, code: code).status != 200)
      #expect(try codesLeft(member, here) == .number(name == "ada" ? 10 : 9))
    }
  }

  @Test("one waiting sign-in used by 32 at once gives one session", arguments: Front.allCases)
  func cookieOnce(front: Front) throws {
    let here = try TwoStepSite(front)
    let ada = try here.member("ada")
    let cookie = try here.begin(ada)
    // Each has a right code.
    let answers = try Threads.run(32) { try here.complete(cookie, ada.recoveryCodes[$0 % 10]) }
    #expect(Self.count(answers, 200) == 1)
    #expect(try answers.filter { try $0.verdict == "401 second-factor-expired" }.count == 31)
    #expect(try codesLeft(ada, here) == .number(9))
  }

  @Test("a code one step early or late counts, and one of two steps or before a used one does not")
  func steps() throws {
    let here = try TwoStepSite(settings: ["MAXIMUM_FACTOR_ATTEMPTS": "20"])
    let ada = try here.member("ada")
    let refusals = try TwoStepSite.withinOneStep {
      try [-2, 2].map { try here.signIn(ada, code: ada.app.code($0)).status }
    }
    #expect(refusals == [401, 401])
    let (now, after) = (ada.app.code(), ada.app.code(1))
    #expect(try here.signIn(ada, code: after).status == 200)
    for code in [now, after] { #expect(try here.signIn(ada, code: code).status == 401) }
    let eve = try here.member("eve")
    for steps in [Int64(0), 1] { #expect(try here.signIn(eve, code: eve.app.code(steps)).status == 200) }
  }

  @Test(
    "right password, 4 wrong codes, right password, 2 wrong codes: refused, whatever the address",
    arguments: Front.allCases)
  func window(front: Front) throws {
    let here = try TwoStepSite(front, hasPort: true)
    let ada = try here.member("ada")
    func complete(_ cookie: String, _ code: String, _ host: UInt8) throws -> HTTPResponse {
      try here.complete(cookie, code, from: host, headers: [("X-Forwarded-For", "203.0.113.\(host)")])
    }
    let first = try here.begin(ada, from: 1)
    for host in UInt8(2)...5 { #expect(try complete(first, Self.wrong, host).verdict == "401 invalid-code") }
    let second = try here.begin(ada, from: 6)
    #expect(try complete(second, Self.wrong, 7).verdict == "401 invalid-code")
    for (code, host) in [(Self.wrong, UInt8(8)), (ada.app.code(), 9), (ada.recoveryCodes[0], 1)] {
      let refused = try complete(second, code, host)
      #expect(try refused.verdict == "429 too-many-attempts")
      let seconds = refused["Retry-After"].flatMap { Int($0) } ?? 0
      #expect((880...901).contains(seconds))
    }
    // So is the code in one request with the password.
    #expect(try here.signIn(ada, code: ada.recoveryCodes[0], from: 10).verdict == "429 too-many-attempts")
    #expect(try codesLeft(ada, here) == .number(10))
    #expect(try here.logged(ada.user.accountid).filter { $0 == "too-many-attempts" }.count == 1)
  }

  @Test("20 wrong codes a day are refused although each ATTEMPT_WINDOW had few")
  func day() throws {
    let here = try TwoStepSite()
    for (name, agos, verdict) in [
      ("ada", [40_000, 30_000, 20_000, 10_000], "429 too-many-attempts"),
      ("eve", [120_000, 110_000, 100_000, 90_000], "200"),
    ] as [(String, [Int64], String)] {
      let member = try here.member(name, secondsAgo: 200_000)
      for ago in agos {
        let cookie = try TwoStepSite.pending(
          here.askedBefore(ago, "POST", "user/create-session", member.credentials))
        for _ in 1...5 {
          let answer = try here.askedBefore(
            ago, "POST", "user/create-session", ["code": Self.wrong], cookie: cookie)
          #expect(try answer.verdict == "401 invalid-code")
        }
      }
      #expect(try here.signIn(member, code: member.app.code()).verdict == verdict)
    }
  }

  @Test("a right code forgets the wrong ones of the window, and is not counted itself")
  func forgiven() throws {
    let here = try TwoStepSite()
    let ada = try here.member("ada")
    for round in 0..<3 {
      for _ in 1...4 { #expect(try here.signIn(ada, code: Self.wrong).verdict == "401 invalid-code") }
      #expect(try here.signIn(ada, code: ada.recoveryCodes[round]).status == 200)
    }
  }

  @Test("without the password, no client can use up the codes of an account")
  func strangers() throws {
    let here = try TwoStepSite(settings: ["MAXIMUM_ATTEMPTS": "1000", "MAXIMUM_FACTOR_ATTEMPTS": "1"])
    let (ada, eve) = (try here.member("ada"), try here.member("eve"))
    let own = try here.begin(eve)
    let token = own.split(separator: ".")[1]
    for _ in 1...25 {
      let form = ["username": "ada", "password": "wrong password", "code": Self.wrong]
      #expect(try here.ask("POST", "user/create-session", form).verdict == "401 invalid-password")
      let cookie = "dashboard_pending=\(ada.user.accountid).\(token)"
      #expect(try here.complete(cookie, Self.wrong).verdict == "401 second-factor-expired")
    }
    #expect(try here.signIn(ada, code: ada.app.code()).status == 200)
  }

  @Test("wrong codes of a thief leave the holder's session its attempts, which have the same limit")
  func sessions() throws {
    let here = try TwoStepSite()
    let ada = try here.member("ada")
    func verify(_ code: String) throws -> String {
      let form = ada.credentials.merging(["code": code]) { $1 }
      return try here.ask(
        "PATCH", "user/set-session-verified\(ada.own)&sessionid=\(ada.user.sessionid)", form, as: ada.user
      ).verdict
    }
    for _ in 1...5 { #expect(try here.signIn(ada, code: Self.wrong).verdict == "401 invalid-code") }
    #expect(try here.signIn(ada, code: ada.recoveryCodes[0]).verdict == "429 too-many-attempts")
    #expect(try verify(ada.recoveryCodes[0]) == "200")
    for _ in 1...5 { #expect(try verify(Self.wrong) == "401 invalid-code") }
    #expect(try verify(ada.recoveryCodes[1]) == "429 too-many-attempts")
    #expect(try codesLeft(ada, here) == .number(9))
  }

  @Test("who sets up another authenticator app starts with no wrong codes")
  func anotherApp() throws {
    let here = try TwoStepSite()
    let ada = try here.member("ada")
    for _ in 1...5 { #expect(try here.signIn(ada, code: Self.wrong).verdict == "401 invalid-code") }
    let secret = try here.ask("POST", "user/create-totp\(ada.own)", [:], as: ada.user).json.id("secret")
    let app = try AuthenticatorApp(secret)
    let confirmed = try here.ask(
      "PATCH", "user/set-totp-confirmed\(ada.own)", ["code": app.code(-1)], as: ada.user)
    #expect(confirmed.status == 200)
    #expect(try here.signIn(ada, code: app.code()).status == 200)
  }

  @Test("sign-ins that wait push out those of their own network first")
  func networks() throws {
    let here = try TwoStepSite(hasPort: true)
    let ada = try here.member("ada")
    let own = try here.begin(ada, from: 1)
    let others = try (1...10).map { _ in try here.begin(ada, from: 2) }
    #expect(
      try here.complete(others[0], ada.recoveryCodes[0], from: 2).verdict == "401 second-factor-expired")
    #expect(try here.complete(own, ada.recoveryCodes[0], from: 1).status == 200)
    #expect(try here.complete(others[1], ada.recoveryCodes[1], from: 2).status == 200)
  }

  @Test("a right password forgets no wrong ones while the code is owed, and the completed sign-in does")
  func passwords() throws {
    let here = try TwoStepSite(settings: ["MAXIMUM_ATTEMPTS": "3"], hasPort: true)
    func guess(_ member: TwoStepSite.Member, _ times: Int) throws {
      for _ in 0..<times {
        let form = ["username": member.name, "password": "wrong password"]
        #expect(
          try here.ask("POST", "user/create-session", form, from: 1).verdict == "401 invalid-password")
      }
    }
    let (ada, eve) = (try here.member("ada"), try here.member("eve"))
    try guess(ada, 2)
    _ = try here.begin(ada, from: 1)
    #expect(try here.signIn(ada, code: ada.app.code(), from: 1).verdict == "429 too-many-attempts")
    try guess(eve, 2)
    let cookie = try here.begin(eve, from: 1)
    #expect(try here.complete(cookie, eve.app.code(), from: 1).status == 200)
    try guess(eve, 2)
    #expect(try here.signIn(eve, code: eve.recoveryCodes[0], from: 1).status == 200)
    // A wrong code gives nothing back either.
    try guess(eve, 2)
    #expect(try here.signIn(eve, code: Self.wrong, from: 1).verdict == "401 invalid-code")
    #expect(try here.signIn(eve, code: eve.recoveryCodes[1], from: 1).verdict == "429 too-many-attempts")
  }
}
