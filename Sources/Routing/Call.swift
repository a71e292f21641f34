package import DashboardCrypto
package import DashboardRecords
package import DashboardSettings
package import DashboardStore
import DashboardSystem
package import DashboardWireFormat

/// One use of an endpoint: who asks, with what, and what the answer carries beside its body.
public struct Call {
  /// What the answer does with the two cookies.
  package enum CookieEffect {
    case none
    /// Sets them to a session that has just been created.
    case set(Session)
    case clear
  }

  package let dashboard: Dashboard
  package let app: App
  /// The fields of the URL.
  package let query: Form
  /// The fields of the body.
  package let posted: Form
  /// When the call began: one moment for all its checks.
  package let now: Timestamp
  private let knownAsker: Asker?
  /// Where it comes from; `nil`: from this process, which may guess as often as it likes.
  package var client: ClientAddress? { address.map { ClientAddress($0) } }
  private let address: Bytes?

  /// What has happened, for the event log; noted once it is in the store.
  private var events: [(name: Event.Name, account: AccountID?)] = []
  package var cookieEffect = CookieEffect.none
  /// Of a list: how many elements there are, and the query that continues after those of the answer.
  package private(set) var total: Int?
  package private(set) var nextQuery: String?

  /// - Parameters:
  ///   - address: REMOTE_ADDR; `nil`: this process.
  ///   - forms: reads the fields of the URL and of the body, once it is known that the asker may use the endpoint.
  /// - Throws: `AccessRefusal` or `unverified-session` if not, and the errors of `forms`.
  static func begin(
    _ dashboard: Dashboard, _ access: Declaration.Access, app: App, asker: Asker?, address: Bytes?,
    now: Timestamp, forms: () throws -> (query: Form, posted: Form)
  ) throws -> Call {
    try access.check(asker, app, now: now)
    let (query, posted) = try forms()
    return Call(dashboard, app, asker, address, now, query: query, posted: posted)
  }

  // An initializer that throws would copy all of it at its end.
  private init(
    _ dashboard: Dashboard, _ app: App, _ asker: Asker?, _ address: Bytes?, _ now: Timestamp, query: Form,
    posted: Form
  ) {
    (self.query, self.posted) = (query, posted)
    self.dashboard = dashboard
    self.app = app
    self.now = now
    self.address = address
    knownAsker = asker
  }

  package var configuration: AppConfiguration { app.configuration }
  package var keys: Keys { app.keys }
  package var random: any RandomSource { dashboard.random }

  /// The moment it is, which inside of a transaction can be later than `now`.
  package var moment: Timestamp { dashboard.clock.now() }

  /// Who asks.
  ///
  /// - Throws: `AccessRefusal.signInRequired` where nobody is signed in, which only open endpoints have to expect.
  package var asker: Asker {
    get throws(AccessRefusal) {
      guard let knownAsker else { throw .signInRequired }
      return knownAsker
    }
  }

  /// How long a password was hashed in it, if one was.
  private(set) var hashing: Duration?

  /// Does what hashes a password.
  package mutating func hashing<Result>(_ body: (Call) throws -> Result) rethrows -> Result {
    let start = monotonicTime()
    defer { hashing = monotonicTime() - start + (hashing ?? .zero) }
    return try body(self)
  }

  /// Whose password was posted, and right.
  package var provenAccount: AccountID?

  /// What belongs into the event log. A guess that was right is not to be the one that leaves no trace.
  var loggedEvents: [(name: Event.Name, account: AccountID?)] {
    if events.isEmpty, let provenAccount { [(.proven, provenAccount)] } else { events }
  }

  /// Notes something for the event log.
  package mutating func note(_ name: Event.Name, _ account: AccountID?) { events.append((name, account)) }

  package func read<Result>(_ body: (borrowing Snapshot) throws -> Result) throws -> Result {
    try dashboard.store.read(app.name, body)
  }

  package func write<Result>(_ body: (borrowing Change) throws -> Result) throws -> Result {
    try dashboard.store.write(app.name, isMetered: configuration.countsMetrics, body)
  }

  /// States the size of the list that is answered, and where it goes on.
  package mutating func list(total: Int, nextQuery: String?) {
    self.total = total
    self.nextQuery = nextQuery
  }
}
