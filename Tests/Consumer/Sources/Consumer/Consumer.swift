import Accounts
import Crypto
import DashboardAPI
import Store

/// Calls endpoints in its own process, in the forms with and without `async`. Ends with a message if an answer is not as it should be.
@main
struct Consumer {
  static let form = ["username": "ada", "password": "correct horse"]

  static func main() async throws {
    guard CommandLine.arguments.count == 2 else { fatalError("usage: Consumer DATA-DIRECTORY") }
    let dashboard = try Dashboard(
      dataDirectory: CommandLine.arguments[1],
      settings: ["MAXIMUM_ATTEMPTS": "3", "BCRYPT_WORKLOAD_FACTOR": "4"])
    try await signIn(dashboard)
    try await cancel(dashboard)
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
