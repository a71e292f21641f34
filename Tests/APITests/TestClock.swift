import DashboardCrypto
import DashboardEndpoints
import DashboardRouting
import DashboardRecords
import Synchronization
import TestSupport
import Testing

/// A clock that stands still until a test moves it.
final class TestClock: TimeSource {
  private let milliseconds: Atomic<Int64>

  /// Starts at 2022-06-24T02:42:56.947Z by default.
  init(milliseconds: Int64 = 1_656_038_576_947) { self.milliseconds = Atomic(milliseconds) }

  func now() -> Timestamp { Timestamp(milliseconds: milliseconds.load(ordering: .sequentiallyConsistent)) }

  func set(_ moment: Timestamp) { milliseconds.store(moment.milliseconds, ordering: .sequentiallyConsistent) }
}

/// The system's random source. It runs a given closure before it returns the next bytes.
final class InterruptibleRandom: RandomSource {
  private let interruption = Mutex<(@Sendable () throws -> Void)?>(nil)

  func interrupt(_ body: @escaping @Sendable () throws -> Void) { interruption.withLock { $0 = body } }

  func bytes(_ count: Int) -> [UInt8] {
    let body = interruption.withLock { body in
      defer { body = nil }
      return body
    }
    do { try body?() } catch { Issue.record(error) }
    return SystemRandom().bytes(count)
  }
}

/// A test's own data directory, open in this process, with a clock that the test sets.
struct Fixture: Sendable {
  let directory: TemporaryDirectory
  let clock = TestClock()
  let random = InterruptibleRandom()
  let dashboard: Dashboard

  init(settings: [String: String] = [:], eventLog: (@Sendable (String) -> Void)? = nil) throws {
    directory = try TemporaryDirectory()
    dashboard = try Dashboard(
      dataDirectory: directory.path("data"),
      settings: ["BCRYPT_WORKLOAD_FACTOR": "4"].merging(settings) { $1 },
      clock: clock, random: random, eventLog: eventLog)
  }

  func signUp(_ username: String) throws -> Session {
    _ = try dashboard.call(
      CreateAccount.self, posted: ["username": username, "password": "password of \(username)"])
    return try signIn(username)
  }

  func signIn(_ username: String, remember: String = "") throws -> Session {
    try dashboard.call(
      CreateSession.self,
      posted: ["username": username, "password": "password of \(username)", "remember": remember])
  }

  /// Changes a stored account without the API.
  func change(_ id: AccountID, _ body: (inout Account) -> Void) throws {
    try dashboard.services.store.write(dashboard.configuration.appName) { change in
      guard var account = try change.current.account(id) else { throw TestFailure("no such account") }
      body(&account)
      try change.update(account)
    }
  }
}
