import DashboardAccounts
import DashboardRecords
import DashboardRouting
import DashboardStore
import DashboardWireFormat

extension Command {
  static let stats = Command("stats", "Counts what the data holds, and what happened today and in 30 days.") {
    invocation in
    let opened = try OpenedApp(invocation)
    let statistics = try Statistics(opened)
    try invocation.output.show(
      statistics,
      statistics.counts.map { ("\($0.label)", "\($0.value)") }
        + statistics.metrics.map { ("\($0.name.rawValue)", "\($0.today) today, \($0.month) in 30 days") })
    return ExitStatus.success
  }
}

/// The numbers of an app.
private struct Statistics: JSONEncodable {
  let counts: [(member: StaticString, label: String, value: Int)]
  let metrics: [(name: Metric.Name, today: Int, month: Int)]

  init(_ opened: OpenedApp) throws {
    let now = opened.now
    counts = try opened.read { snapshot in
      [
        ("accounts", "Accounts", try snapshot.count(.all)),
        ("administrators", "Administrators", try snapshot.count(.administrators)),
        ("scheduledForDeletion", "Scheduled for deletion", try snapshot.count(.deleted)),
        ("groups", "Groups", try snapshot.groupCount()),
        ("profiles", "Profiles", try snapshot.count(Profile.self)),
        ("sessions", "Sessions, ended ones too", try snapshot.count(Session.self)),
        ("resetCodes", "Reset codes", try snapshot.count(ResetCode.self)),
        ("invitations", "Invitations", try snapshot.count(Invitation.self)),
        ("events", "Events", try snapshot.count(AccountEvent.self)),
      ]
    }
    metrics = try opened.read { snapshot in
      try Metric.Name.allCases.map { name in
        let days = try snapshot.counts(name, ofDays: 30, until: now)
        return (name, days.last ?? 0, days.reduce(0, +))
      }
    }
  }

  static var schema: JSONSchema { .object("stats") }

  func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.kind("stats")
      for count in counts { object.member(count.member, count.value) }
      object.member("metrics", metrics.map(Entry.init))
    }
  }

  private struct Entry: JSONEncodable {
    let name: Metric.Name
    let today: Int
    let month: Int

    static var schema: JSONSchema { .object("metric") }

    func encode(into writer: inout JSONWriter) {
      writer.object { object in
        object.member("name", name.rawValue)
        object.member("today", today)
        object.member("in30Days", month)
      }
    }
  }
}
