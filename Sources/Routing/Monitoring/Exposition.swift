import DashboardAccounts
import DashboardRecords
import DashboardSystem
import DashboardWireFormat

/// The metrics of a process. Scrapes ask for them; nothing here is on the road of a request.
package struct Exposition: Sendable {
  private let dashboard: Dashboard
  private let watch: Watch
  private let start: Timestamp

  package init(_ dashboard: Dashboard, _ watch: Watch) {
    (self.dashboard, self.watch) = (dashboard, watch)
    start = dashboard.services.clock.now()
  }

  /// The text that `/metrics` answers.
  package func text(_ requests: RequestMetrics) -> String {
    var text = MetricsText()
    writeProcess(into: &text)
    Self.write(requests, into: &text)
    writeEvents(into: &text)
    writeStore(into: &text)
    return text.text
  }

  private func writeProcess(into text: inout MetricsText) {
    text.metric(
      "dashboard_build_info", .gauge, "1, with the version of the program.", by: "version",
      [(Version.text, 1)])
    text.metric(
      "process_start_time_seconds", .gauge, "When the process started, in seconds since 1970.",
      Self.seconds(start))
    text.metric(
      "dashboard_queue_length", .gauge, "Jobs that wait, by queue.", by: "queue",
      watch.queueStates.map { ($0.name, $0.length) } + [("commit", watch.current.state.waitingWrites)])
  }

  private static func write(_ requests: RequestMetrics, into text: inout MetricsText) {
    text.metric(
      "dashboard_requests_total", .counter, "Responses by route and status.", by: ("route", "status"),
      requests.counts.map { ($0.route, "\($0.status)", $0.count) })
    text.histogram(
      "dashboard_request_duration_seconds",
      "Time from the arrival of a whole request to its response, by the work that the route does.",
      scale: 1_000_000_000, by: "work",
      Observation.Work.allCases.map { ("\($0)", requests.histogram(.init(of: $0))) })
    text.histogram(
      "dashboard_hashing_wait_seconds", "Time for which requests waited until they might hash a password.",
      scale: 1_000_000_000, [("", requests.histogram(.hashingWait))])
    text.histogram(
      "dashboard_hashing_duration_seconds", "Time for which requests hashed passwords.", scale: 1_000_000_000,
      [("", requests.histogram(.hashing))])
    text.metric(
      "dashboard_limited_total", .counter, "Responses with 429, because of too many attempts.",
      requests.count(status: 429))
    text.metric(
      "dashboard_busy_total", .counter, "Responses with 503 server-busy, because of too much work.",
      requests.busy)
  }

  private func writeEvents(into text: inout MetricsText) {
    text.metric(
      "dashboard_events_total", .counter, "Events of accounts by name, such as signed-in.", by: "event",
      Event.Name.allCases.map { ($0.rawValue, dashboard.eventCounts($0)) })
    let sweep = dashboard.sweepState
    text.metric(
      "dashboard_sweep_last_run_timestamp_seconds", .gauge,
      "When the sweep last ended without an error, in seconds since 1970; 0 if it has not run yet.",
      sweep.last.map(Self.seconds) ?? 0)
    text.metric(
      "dashboard_sweep_removed_records_total", .counter, "Records that the sweep removed.", sweep.removed)
  }

  private func writeStore(into text: inout MetricsText) {
    let (state, conditions, deadReaders) = watch.current
    text.histogram(
      "dashboard_commit_writes", "Writes that one commit stored together.", [("", state.commits)])
    text.metric(
      "dashboard_commit_failures_total", .counter, "Commits with a write that could not be stored.",
      state.failedCommits)
    text.metric("dashboard_map_size_bytes", .gauge, "Largest size of the data file.", state.mapSize)
    text.metric("dashboard_map_used_bytes", .gauge, "Used size of the data file.", state.usedSize)
    text.metric(
      "dashboard_disk_free_bytes", .gauge, "Free space on the disk of the data.", state.disk?.free ?? 0)
    text.metric("dashboard_disk_size_bytes", .gauge, "Size of the disk of the data.", state.disk?.size ?? 0)
    text.metric("dashboard_readers", .gauge, "Used entries of the table of readers.", state.readers)
    text.metric(
      "dashboard_readers_max", .gauge, "Entries that the table of readers has.", state.maximumReaders)
    text.metric(
      "dashboard_stale_readers_total", .counter, "Readers that died while they read, and were cleared.",
      deadReaders)
    text.metric(
      "dashboard_condition", .gauge, "1 for a condition that an operator should mend, or else 0.",
      by: "condition", Condition.allCases.map { ($0.rawValue, conditions.contains($0) ? 1 : 0) })
  }

  private static func seconds(_ time: Timestamp) -> Double { Double(time.milliseconds) / 1000 }
}
