import DashboardRecords
@testable import DashboardStore
import Testing

@Suite("metrics")
struct MetricTests {
  private let fixture: Fixture
  private let start = Timestamp(milliseconds: 1_656_038_570_102)  // 2022-06-24

  init() throws { fixture = try Fixture() }

  @Test("counts of days are those of the name and the app, with 0 where nothing was counted")
  func days() throws {
    let (app, other) = (try app(), try app("other"))
    for (day, count) in [(0, 3), (1, 1), (7, 2), (40, 1), (400, 1)] {
      let moment = start.adding(seconds: Int64(day) * 86_400)
      for _ in 0..<count {
        try fixture.store.write(app, isMetered: true) { try $0.count(.sessionsCreated, at: moment) }
        // A name of the same length, and another app, are apart.
        try fixture.store.write(app, isMetered: true) { try $0.count(.accountsCreated, at: moment) }
        try fixture.store.write(other, isMetered: true) { try $0.count(.sessionsCreated, at: moment) }
      }
    }
    func counts(_ number: Int, until day: Int64) throws -> [Int] {
      let moment = start.adding(seconds: day * 86_400)
      return try fixture.store.read(app) { try $0.counts(.sessionsCreated, ofDays: number, until: moment) }
    }
    #expect(try counts(8, until: 7) == [3, 1, 0, 0, 0, 0, 0, 2])
    #expect(try counts(3, until: 8) == [0, 2, 0])
    #expect(try counts(2, until: 1) == [3, 1])
    #expect(try counts(1, until: 40) == [1])
    #expect(try counts(90, until: -1) == [Int](repeating: 0, count: 90))
    #expect(try counts(500, until: 400).reduce(0, +) == 8)
    #expect(try counts(0, until: 0) == [])
  }

  @Test("the number of a date is that of its day")
  func dates() {
    for day in stride(from: Int64(-719_000), to: 2_900_000, by: 97) {
      let text = Array(Timestamp(milliseconds: day * 86_400_000).date.utf8)
      #expect(CalendarDate.days(text.span) == day)
    }
    for text in ["", "2022-06", "2022-06-2x", "x022-06-24", "2022-06-240"] {
      #expect(CalendarDate.days(Array(text.utf8).span) == nil)
    }
  }
}
