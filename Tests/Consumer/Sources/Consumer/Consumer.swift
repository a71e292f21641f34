import Accounts
import Crypto
import DashboardAPI
import Store
import Synchronization

/// Calls endpoints in its own process, in the forms with and without `async`, and runs the programs of the guide. Ends with a message
/// if an answer is not as it should be.
@main
struct Consumer {
  static let form = ["username": "ada", "password": "correct horse"]

  static func main() async throws {
    guard CommandLine.arguments.count == 2 else { fatalError("usage: Consumer DIRECTORY") }
    let directory = CommandLine.arguments[1]
    let dashboard = try Dashboard(
      dataDirectory: "\(directory)/own", settings: ["MAXIMUM_ATTEMPTS": "3", "BCRYPT_WORKLOAD_FACTOR": "4"])
    try await signIn(dashboard)
    try await cancel(dashboard)
    try await checkTokens(dashboard)
    try await sweep(dashboard)
    try Names.check(directory, dashboard)
    try await checkUnderLoad("\(directory)/busy")
    try runExample(in: directory)
    try WebServerTrial(directory).run()
    print(
      "Built and run beside \(AccountsName.text), \(CryptoName.text) and \(StoreName.text) of another package."
    )
  }

  static func signIn(_ dashboard: Dashboard) async throws {
    let account = try await dashboard.call(CreateAccount.self, posted: form)
    let session = try await dashboard.call(CreateSession.self, posted: form)
    check(session.accountid == account.accountid, "the session is of another account")
    check(try end(session, dashboard).ended, "the session has not ended")

    for attempt in 1...20 {
      let code = await code {
        _ = try await dashboard.call(
          CreateSession.self, posted: ["username": "ada", "password": "wrong horse"])
      }
      let expected = attempt > 3 ? "too-many-attempts" : "invalid-password"
      check(code == expected, "attempt \(attempt) gives \(code ?? "a session") and not \(expected)")
    }
    _ = try await dashboard.call(CreateSession.self, posted: form, from: .trusted)
  }

  /// The form that blocks. A function without `async` gets it.
  static func end(_ session: Session, _ dashboard: Dashboard) throws -> Session {
    try dashboard.call(SetSessionEnded.self, query: ["sessionid": "\(session.sessionid)"], as: session)
  }

  static func cancel(_ dashboard: Dashboard) async throws {
    let form = ["username": "eve", "password": "correct horse"]
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await code { _ = try await dashboard.call(CreateAccount.self, posted: form) }
    }
    check(await task.value == "\(CancellationError())", "a cancelled task has made its call")
  }

  static func checkTokens(_ dashboard: Dashboard) async throws {
    let created = try await dashboard.call(CreateSession.self, posted: form, from: .trusted)
    guard let bearer = created.bearer else { fatalError("a new session has no bearer") }
    let live = try await dashboard.session(bearer: bearer)
    check(live?.sessionid == created.sessionid, "the token proves no session")
    check(live?.token == nil && live?.bearer == nil, "a session that is read has a token")
    for text in ["", "x", "\(created.sessionid)", "\(bearer)0", String(bearer.reversed())] {
      check(try await dashboard.session(bearer: text) == nil, "\(text) proves a session")
    }
    check(try await dashboard.session(bearer: bearer, app: AppName("shop")) == nil, "the app does not count")
    if let live { check(try end(live, dashboard).ended, "the session has not ended") }
    check(try await dashboard.session(bearer: bearer) == nil, "an ended session is alive")
  }

  static func sweep(_ dashboard: Dashboard) async throws {
    while try await dashboard.sweep() {}
    let sweeps = Task { await dashboard.sweepRegularly(every: .milliseconds(1)) { fatalError("\($0)") } }
    sweeps.cancel()
    await sweeps.value
  }

  private final class Counter: Sendable { let value = Atomic<Int>(0) }

  /// A check of a token does not wait for calls that hash passwords.
  static func checkUnderLoad(_ directory: String) async throws {
    let dashboard = try Dashboard(
      dataDirectory: directory, settings: ["HASHING_THREADS": "1", "BCRYPT_WORKLOAD_FACTOR": "10"])
    _ = try await dashboard.call(CreateAccount.self, posted: form)
    let bearer = try await dashboard.call(CreateSession.self, posted: form).bearer ?? ""
    let (begun, answered) = (Counter(), Counter())
    try await withThrowingTaskGroup { group in
      for _ in 1...500 {
        group.addTask {
          begun.value.add(1, ordering: .relaxed)
          let code = await code {
            _ = try await dashboard.call(CreateSession.self, posted: form, from: .trusted)
          }
          check(code == nil || code == "server-busy", "a sign-in gives \(code ?? "")")
          answered.value.add(1, ordering: .relaxed)
        }
      }
      while begun.value.load(ordering: .relaxed) < 500 { await Task.yield() }
      check(try await dashboard.session(bearer: bearer) != nil, "the token proves no session")
      let count = answered.value.load(ordering: .relaxed)
      check(count < 250, "the check of a token waited for \(count) sign-ins")
      try await group.waitForAll()
    }
  }

  /// The code of the exception that a call throws, the description of another error, or `nil`.
  static func code(of call: () async throws -> Void) async -> String? {
    do {
      try await call()
      return nil
    } catch let exception as Exception {
      return exception.code
    } catch {
      return "\(error)"
    }
  }

  static func check(_ isSo: Bool, _ message: String) {
    if !isSo { fatalError(message) }
  }
}
