import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport
import Testing

/// Effects of time on codes, deletions and verifications. The test sets the clock, and no sweep runs in between.
@Suite("time")
struct TimeTests {
  private let directory: TemporaryDirectory
  private let clock = ShiftedClock()
  private let dashboard: Dashboard

  init() throws {
    directory = try TemporaryDirectory()
    dashboard = try Dashboard(
      dataDirectory: directory.path("data"),
      settings: ["BCRYPT_WORKLOAD_FACTOR": "4", "RESET_CODE_LIFETIME": "2", "DELETE_DELAY": "7"], clock: clock
    )
  }

  private let day: Int64 = 86_400
  private let password = "a good password"

  private func register(_ username: String) throws -> Session {
    _ = try dashboard.call(CreateAccount.self, posted: ["username": username, "password": password])
    return try signIn(username)
  }

  private func signIn(_ username: String) throws -> Session {
    let posted = ["username": username, "password": password, "remember": "days"]
    return try dashboard.call(CreateSession.self, posted: posted)
  }

  /// Status, code and circumstances of a refusal; `nil` if the call succeeds.
  private func refusal<E: Endpoint>(
    _ endpoint: E.Type, query: [String: String] = [:], posted: [String: String] = [:],
    as caller: Session? = nil
  ) throws -> String? {
    do {
      _ = try dashboard.call(endpoint, query: query, posted: posted, as: caller)
      return nil
    } catch let exception as Exception {
      let isDeclared =
        E.declaration.exceptions.contains { $0.label == exception.label } || exception == .unverifiedSession
      #expect(isDeclared, "\(E.declaration.route) does not declare \(exception.label)")
      return exception.label
    }
  }

  @Test("a deletion can be cancelled until it is due, and not between then and the sweep")
  func deletion() throws {
    let owner = try register("owner")
    let user = try register("user")
    let account = ["accountid": "\(user.accountid)"]
    let credentials = ["username": "user", "password": password]
    func schedule(as session: Session) throws {
      _ = try dashboard.call(
        SetAccountDeleted.self, query: account, posted: ["password": password], as: session)
    }
    try schedule(as: user)
    clock.shift(seconds: 7 * day - 60)
    #expect(try refusal(ResetAccountDeleted.self, posted: credentials) == nil)
    clock.shift(seconds: 0)
    try schedule(as: signIn("user"))

    clock.shift(seconds: 7 * day + 60)
    let due = "409 invalid-account the account is not scheduled for deletion, or its deletion is due"
    #expect(try refusal(ResetAccountDeleted.self, posted: credentials) == due)
    let late = try signIn("owner")
    #expect(try refusal(Administrator.ResetAccountDeleted.self, query: account, as: late) == due)
    #expect(
      try refusal(CreateSession.self, posted: credentials)
        == "409 account-deleted the account is scheduled for deletion")
    #expect(
      try dashboard.call(Administrator.DeletedAccounts.self, as: late).map(\.accountid) == [user.accountid])

    while try dashboard.sweep() {}
    let gone = "404 invalid-accountid unknown querystring accountid"
    #expect(try refusal(Administrator.ReadAccount.self, query: account, as: late) == gone)
    #expect(try dashboard.call(Administrator.AccountsCount.self, as: late) == 1)
    #expect(try dashboard.call(Administrator.DeletedAccountsCount.self, as: late) == 0)
    #expect(
      try refusal(Administrator.ReadSession.self, query: ["sessionid": "\(user.sessionid)"], as: late)
        == "404 invalid-sessionid unknown querystring sessionid")
    #expect(try register("user").accountid != user.accountid)
    #expect(try dashboard.call(Administrator.AccountsCount.self, as: owner) == 2)
  }

  @Test("a reset code counts for RESET_CODE_LIFETIME days")
  func resetCode() throws {
    let user = try register("user")
    let account = ["accountid": "\(user.accountid)"]
    for code in ["first1", "second2"] {
      _ = try dashboard.call(CreateResetCode.self, query: account, posted: ["secret-code": code], as: user)
    }
    func use(_ code: String) throws -> String? {
      let posted = ["username": "user", "secret-code": code, "new-password": password]
      return try refusal(ResetAccountPassword.self, posted: posted)
    }
    clock.shift(seconds: 2 * day - 60)
    #expect(try use("first1") == nil)
    clock.shift(seconds: 2 * day + 60)
    #expect(
      try use("second2")
        == "401 invalid-reset-code posted secret-code is not a valid reset code of the account")
  }

  @Test("set-session-verified makes a verification fresh again")
  func verification() throws {
    let user = try register("user")
    let account = ["accountid": "\(user.accountid)"]
    func create() throws -> String? {
      try refusal(CreateResetCode.self, query: account, posted: ["secret-code": "abcdef"], as: user)
    }
    func makeAdministrator() throws -> String? {
      // The caller is the owner already. This check comes after the check of the verification.
      try refusal(Administrator.SetAccountAdministrator.self, query: account, as: user)
    }
    let old = "403 unverified-session \(Exception.unverifiedSession.circumstances)"
    let already = "409 invalid-account the account is already an administrator's"
    #expect(try create() == nil)
    #expect(try makeAdministrator() == already)
    clock.shift(seconds: 14_400 + 60)
    #expect(try create() == old)
    #expect(try makeAdministrator() == old)
    let credentials = ["username": "user", "password": password]
    let verified = try dashboard.call(
      SetSessionVerified.self, query: ["sessionid": "\(user.sessionid)"], posted: credentials, as: user)
    #expect(verified.lastVerifiedAt > user.lastVerifiedAt && verified.sessionid == user.sessionid)
    #expect(try create() == nil)
    #expect(try makeAdministrator() == already)
  }
}
