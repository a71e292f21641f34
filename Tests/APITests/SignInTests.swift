import API
import Accounts
import Glibc
import Store
import TestSupport
import Testing

/// What signing in does when things change meanwhile, and what it takes.
@Suite("signing in")
struct SignInTests {
  private let fixture: Fixture

  init() throws { fixture = try Fixture() }

  private func code(_ body: () throws -> some Any) throws -> String {
    do {
      _ = try body()
      return "none"
    } catch let exception as Exception {
      return "\(exception.status) \(exception.code)"
    }
  }

  @Test("credentials that change between the check of the password and the transaction count as wrong")
  func changedMeanwhile() throws {
    let changes: [@Sendable (inout Account) -> Void] = [
      { $0.passwordLastChangedAt = Timestamp(milliseconds: 1) }, { $0.usernameHash = Hash.sha512([]) },
    ]
    for change in changes {
      let fixture = try Fixture()
      let ada = try fixture.signUp("ada")
      fixture.random.interrupt { try fixture.change(ada.accountid, change) }
      let code = try code { try fixture.signIn("ada") }
      #expect(code == "401 invalid-password")
    }
  }

  @Test("an account that is scheduled for deletion can't sign in, and its sessions are nobody's")
  func deleted() throws {
    let ada = try fixture.signUp("ada")
    let later = fixture.clock.now().adding(seconds: 86_400)
    try fixture.change(ada.accountid) { $0.deletedAt = later }
    #expect(try code { try fixture.signIn("ada") } == "409 account-deleted")
    let wrong = ["username": "ada", "password": "another password"]
    #expect(
      try code { try fixture.dashboard.call(CreateSession.self, posted: wrong) } == "401 invalid-password")
    #expect(throws: AccessRefusal.signInRequired) {
      try fixture.dashboard.call(CurrentSession.self, as: ada)
    }
  }

  @Test("an unknown username takes as much work as a wrong password")
  func equalWork() throws {
    let costly = try Fixture(settings: ["BCRYPT_WORKLOAD_FACTOR": "8"])
    _ = try costly.signUp("ada")
    func work(_ username: String) -> Int {
      // The time of this thread alone, so that other work of the machine does not count.
      let start = threadMicroseconds()
      _ = try? costly.dashboard.call(
        CreateSession.self, posted: ["username": username, "password": "another password"])
      return threadMicroseconds() - start
    }
    let wrong = (0..<5).map { _ in work("ada") }.sorted()[2]
    let unknown = (0..<5).map { _ in work("eve") }.sorted()[2]
    #expect(unknown * 4 > wrong * 3 && unknown * 3 < wrong * 4, "\(unknown) µs and \(wrong) µs")
  }

  private func threadMicroseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
  }
}
