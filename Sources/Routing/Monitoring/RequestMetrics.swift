import DashboardAccounts
import DashboardSystem
import DashboardWireFormat

/// What the router saw of a request, for the metrics and the log.
struct Observation {
  /// The place of its route in `RequestMetrics.routes`.
  var route = RequestMetrics.other
  var work = Work.reading
  /// For a request that hashes: the nanoseconds for which it waited until it might.
  var hashingWait: Int64?
  /// The nanoseconds for which it hashed; `nil` if it did not.
  var hashing: Int64?
  /// What happens to the cookie of a sign-in that waits, also after an error.
  var pendingSignIn = Effects.PendingEffect.none

  enum Work: Int, CaseIterable {
    case reading, writing, hashing
  }

  /// Notes the route and its kind of work.
  ///
  /// - Parameters:
  ///   - operation: the index of the route's operation; `nil` if it does not have the verb.
  ///   - waited: the nanoseconds for which the request waited for a thread.
  mutating func note(_ route: Route, _ operation: Int?, waited: Int64) {
    self.route = RequestMetrics.firstRoute + route.number
    guard let operation else { return }
    let policy = route.operations[operation].policy
    if policy.hashes { (work, hashingWait) = (.hashing, waited) } else if policy.writes { work = .writing }
  }
}

/// Counts the requests of a process. Each processor counts for itself, and a scrape adds up.
package final class RequestMetrics: Sendable {
  /// The values of the label `route`. Values that are no declared route come first.
  let routes: [String]
  static let other = 0
  static let authorize = 1
  /// The place of the first declared route.
  static let firstRoute = unrouted.count
  static let unrouted = ["other", "authorize", MonitoringRoutes.healthPath, MonitoringRoutes.metricsPath]

  private let counters: Counters
  /// Where the first histogram begins in the counters, and how many counters each takes.
  private let histograms: (start: Int, size: Int)
  /// In nanoseconds.
  private let bounds: [Int64] = [1, 5, 25, 100, 250, 500, 1000, 2500].map { $0 * 1_000_000 }
  private let busyPlace: Int

  /// What the histograms measure.
  enum Measure: Int, CaseIterable {
    case reading, writing, hashingRequest, hashingWait, hashing

    /// The duration of a request.
    init(of work: Observation.Work) {
      self =
        switch work {
        case .reading: .reading
        case .writing: .writing
        case .hashing: .hashingRequest
        }
    }
  }

  /// - Parameter routes: the paths of the declared routes.
  init(_ routes: [String]) {
    self.routes = Self.unrouted + routes
    histograms = (self.routes.count * Response.statuses.count, bounds.count + 2)
    busyPlace = histograms.start + Measure.allCases.count * histograms.size
    counters = Counters(busyPlace + 1)
  }

  /// - Parameter nanoseconds: from the arrival of the whole request to the response.
  func note(_ observation: Observation, status: Int, nanoseconds: Int64) {
    let row = counters.row
    row.add(observation.route * Response.statuses.count + Response.place(ofStatus: status))
    add(nanoseconds, to: Measure(of: observation.work), row)
    if let wait = observation.hashingWait { add(wait, to: .hashingWait, row) }
    if let time = observation.hashing { add(time, to: .hashing, row) }
  }

  private func add(_ value: Int64, to measure: Measure, _ row: Counters.Row) {
    let start = histograms.start + measure.rawValue * histograms.size
    row.add(start + Histogram.place(of: value, in: bounds))
    row.add(start + bounds.count + 1, UInt64(clamping: value))
  }

  func noteBusy() { counters.add(busyPlace) }

  // MARK: Sums

  func histogram(_ measure: Measure) -> Histogram {
    let start = histograms.start + measure.rawValue * histograms.size
    var histogram = Histogram(bounds: bounds)
    for place in histogram.counts.indices { histogram.counts[place] = counters[start + place] }
    histogram.sum = counters[start + bounds.count + 1]
    return histogram
  }

  /// The number of responses by route and status, without the numbers that are 0.
  var counts: [(route: String, status: Int, count: UInt64)] {
    var counts: [(route: String, status: Int, count: UInt64)] = []
    for (route, name) in routes.enumerated() {
      for (place, status) in Response.statuses.enumerated() {
        let count = counters[route * Response.statuses.count + place]
        if count > 0 { counts.append((name, status, count)) }
      }
    }
    return counts
  }

  /// The number of responses with a status.
  func count(status: Int) -> UInt64 {
    let place = Response.place(ofStatus: status)
    return routes.indices.reduce(0) { $0 + counters[$1 * Response.statuses.count + place] }
  }

  var busy: UInt64 { counters[busyPlace] }
}
