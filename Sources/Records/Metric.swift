/// How often something happened in an app in one period.
public struct Metric: Hashable, Sendable {
  /// What is counted.
  public enum Name: String, CaseIterable, Sendable {
    case accountsCreated = "accounts-created"
    case deletionsRequested = "account-delete-requests"
    case accountsDeleted = "account-deleted"
    case sessionsCreated = "sessions-created"
    /// Accounts that signed in during the period. Each is counted once.
    case activeSessions = "active-sessions"
    case resetCodesCreated = "resetcodes-created"
    case resetCodesUsed = "resetcodes-used"
  }

  public let appid: AppName
  public let name: Name
  /// The period: `2022-06-24`, `2022-06` or `2022` in UTC, or `total`.
  public let period: String
  public let value: Int

  /// `NAME/PERIOD`.
  public var metricid: String { "\(name.rawValue)/\(period)" }

  package init(appid: AppName, name: Name, period: String, value: Int) {
    self.appid = appid
    self.name = name
    self.period = period
    self.value = value
  }

  /// The periods to which a moment belongs, the longest first.
  package static func periods(of moment: Timestamp) -> [String] {
    let date = moment.date
    func beginning(_ length: Int) -> String { String(Substring(date.utf8.prefix(length))) }
    return ["total", beginning(4), beginning(7), date]
  }

  /// The period of a month.
  package static func period(year: Int, month: Int) -> String {
    func digits(_ number: Int, _ count: Int) -> String {
      String(repeating: "0", count: max(0, count - "\(number)".utf8.count)) + "\(number)"
    }
    return "\(digits(year, 4))-\(digits(month, 2))"
  }

  /// True if the text is a period: a day, a month, a year or `total`.
  package static func isPeriod(_ text: String) -> Bool {
    switch text.utf8.count {
    case 4: CalendarDate.isDate(text + "-01-01")
    case 5: text == "total"
    case 7: CalendarDate.isDate(text + "-01")
    default: CalendarDate.isDate(text)
    }
  }
}
