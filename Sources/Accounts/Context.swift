package import DashboardCrypto
package import DashboardRecords
package import DashboardSettings
package import DashboardStore
import DashboardSystem
import DashboardWireFormat

/// The services of one process that all rules share.
package final class Services: Sendable {
  package let store: Store
  package let clock: any TimeSource
  package let random: any RandomSource
  /// `nil` in a process that answers one request.
  package let hashingLimit: HashingLimit?

  package init(store: Store, clock: any TimeSource, random: any RandomSource, hashingLimit: HashingLimit?) {
    self.store = store
    self.clock = clock
    self.random = random
    self.hashingLimit = hashingLimit
  }
}

/// The environment of a rule: the app, the services, the time of the call, and the effects for its caller.
package struct Context: Sendable {
  package let app: App
  package let services: Services
  /// When the call began. All checks of the call use this moment.
  package let now: Timestamp
  package var effects = Effects()
  /// True for a form, which can be sent twice, as by a double click. What it creates exists once, then.
  package var mayRepeat = false
  /// True for a trial of a change: all of its checks are made, and what it writes is undone.
  package var changesNothing = false
  /// The code that a form brings for what it makes, so that a second click finds it; `nil` to make a new one.
  package var formCode: String?

  package init(_ app: App, _ services: Services, now: Timestamp) {
    self.app = app
    self.services = services
    self.now = now
  }

  package var configuration: AppConfiguration { app.configuration }
  package var secrets: Secrets { app.secrets }
  package var random: any RandomSource { services.random }

  /// The current moment, for changes: a transaction can run later than `now`.
  package var moment: Timestamp { services.clock.now() }

  package func read<Result>(_ body: (borrowing Snapshot) throws -> Result) throws -> Result {
    try services.store.read(app.name, body)
  }

  package func write<Result>(_ body: (borrowing Change) throws -> Result) throws -> Result {
    guard changesNothing else {
      return try services.store.write(app.name, isMetered: configuration.countsMetrics, body)
    }
    var result: Result?
    do {
      try services.store.write(app.name) { change in
        result = try body(change)
        throw Undone()
      }
    } catch is Undone {}
    guard let result else { throw Undone() }
    return result
  }

  /// Undoes a transaction whose result counts.
  private struct Undone: Error {}

  /// Adds an event for the event log. Call it after the transaction of the event.
  package mutating func log(_ name: Event.Name, _ account: AccountID?) {
    if !changesNothing { effects.events.append((name, account)) }
  }

  /// Runs `body`, which hashes a password, within the limit of HASHING_THREADS.
  ///
  /// - Parameter attempt: the counted attempt, which is taken back if the limit does not allow the hashing: the client did nothing wrong.
  /// - Throws: `HashingError.busy` if the limit does not allow it in time; errors of `body`.
  mutating func hashing<Result>(for attempt: Attempt?, _ body: (Context) throws -> Result) throws -> Result {
    let asked = monotonicNanoseconds()
    let mayHash = services.hashingLimit?.enter() ?? true
    let start = monotonicNanoseconds()
    effects.hashingWait += start - asked
    guard mayHash else {
      if let attempt { try write { try attempt.cancel($0, now: moment) } }
      throw HashingError.busy
    }
    defer {
      services.hashingLimit?.leave()
      effects.hashing = monotonicNanoseconds() - start + (effects.hashing ?? 0)
    }
    return try body(self)
  }
}

/// The effects of a call apart from its answer. They do not depend on how the call came in.
package struct Effects: Sendable {
  /// What happens to the session in the client's cookies.
  package enum SessionEffect: Sendable {
    case none
    /// A session was created. It has its token.
    case began(Session)
    case ended
  }

  /// What happens to the cookie of a sign-in that waits for a second factor.
  package enum PendingEffect: Sendable {
    case none
    /// The cookie's value.
    case began(String)
    case ended
  }

  package var session = SessionEffect.none
  /// Counts also after an error.
  package var pendingSignIn = PendingEffect.none
  /// The token of the cookie to which a challenge for a passkey was bound; `nil` if none was made.
  package var challengeToken: String?
  /// The nanoseconds for which the call hashed passwords; `nil` if it did not.
  package internal(set) var hashing: Int64?
  /// The nanoseconds for which the call waited until it might hash.
  package internal(set) var hashingWait: Int64 = 0
  /// True if what the call should create existed already, by the same form.
  package var isRepeated = false
  /// The account whose password was correct; `nil` if none was.
  package var provenAccount: AccountID?
  fileprivate(set) var events: [(name: Event.Name, account: AccountID?)] = []

  package init() {}

  /// The events to log. A correct password is logged even when the request then fails.
  package var loggedEvents: [(name: Event.Name, account: AccountID?)] {
    if events.isEmpty, let provenAccount { [(.proven, provenAccount)] } else { events }
  }
}
