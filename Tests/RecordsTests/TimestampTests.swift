import DashboardRecords
import Testing

@Suite("timestamps")
struct TimestampTests {
  // Computed with Python's datetime.
  @Test(
    "a timestamp is written in ISO 8601",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"),
      (1, "1970-01-01T00:00:00.001Z"),
      (-1, "1969-12-31T23:59:59.999Z"),
      (1_656_038_576_947, "2022-06-24T02:42:56.947Z"),
      (951_868_799_999, "2000-02-29T23:59:59.999Z"),
      (1_709_208_000_000, "2024-02-29T12:00:00.000Z"),
      (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
      (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
      (2_147_483_648_000, "2038-01-19T03:14:08.000Z"),
      (-11_670_998_399_999, "1600-02-29T00:00:00.001Z"),
      (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ])
  func text(milliseconds: Int64, shown: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == shown)
  }

  @Test("a year outside of 0 to 9999 is written as the nearest moment inside")
  func limits() {
    let (first, last) = ("0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: -62_167_219_200_000).description == first)
    #expect(Timestamp(milliseconds: -62_167_219_200_001).description == first)
    #expect(Timestamp(milliseconds: .min).description == first)
    #expect(Timestamp(milliseconds: 253_402_300_799_999).description == last)
    #expect(Timestamp(milliseconds: 253_402_300_800_000).description == last)
    #expect(Timestamp(milliseconds: .max).description == last)
  }

  /// Leap years repeat after 400 years. The test counts the days itself.
  @Test("every month of 400 years begins and ends on the right day")
  func months() {
    func padded(_ number: Int, _ width: Int) -> String {
      String(String(number + 100_000).suffix(width))
    }
    var start = Timestamp(milliseconds: -62_135_596_800_000)  // 0001-01-01
    for year in 1...400 {
      let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let lengths = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      for (month, length) in zip(1..., lengths) {
        let end = start.adding(seconds: Int64(length) * 86_400)
        let text = "\(padded(year, 4))-\(padded(month, 2))"
        #expect(start.description == "\(text)-01T00:00:00.000Z")
        #expect(
          Timestamp(milliseconds: end.milliseconds - 1).description == "\(text)-\(length)T23:59:59.999Z")
        start = end
      }
    }
  }

  @Test("adding seconds keeps the milliseconds")
  func adding() {
    #expect(Timestamp(milliseconds: 947).adding(seconds: 2) == Timestamp(milliseconds: 2947))
    #expect(Timestamp(milliseconds: 947).adding(seconds: -1) == Timestamp(milliseconds: -53))
  }

  @Test("an addition that overflows stops at the last moment")
  func overflow() {
    let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
    #expect(last.adding(seconds: 1) == last)
    #expect(first.adding(seconds: -1) == first)
    #expect(Timestamp(milliseconds: 0).adding(seconds: .max) == last)
    #expect(Timestamp(milliseconds: 0).adding(seconds: .min) == first)
  }

  @Test("a later timestamp is greater")
  func order() {
    #expect(Timestamp(milliseconds: -1) < Timestamp(milliseconds: 0))
    #expect(!(Timestamp(milliseconds: 0) < Timestamp(milliseconds: 0)))
  }

  @Test("the clock of the system is in this century")
  func systemClock() {
    let shown = SystemClock().now().description
    #expect(shown.hasPrefix("20"))
  }
}
