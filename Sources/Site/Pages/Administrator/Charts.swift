import DashboardHTML
import DashboardRecords

/// The charts of the administrators' index: what has happened in the last 90 days, or in the months of the last 365.
extension View {
  private static let charts: [(name: Metric.Name, text: Text, hasSum: Bool)] = [
    (.accountsCreated, .chartRegistrations, true),
    // An account is active on many days, so a sum would count it many times.
    (.activeSessions, .chartActive, false),
    (.sessionsCreated, .chartSignIns, true),
    (.resetCodesCreated, .chartResetCodes, true),
  ]

  private static let days = 90

  func charts() throws -> HTML {
    guard configuration.countsMetrics else { return paragraph(.metricsOff) }
    let isYear = query("days") == "365"
    let months = isYear ? self.months : []
    let figures = try call.read { snapshot in
      try Self.charts.map { chart in
        isYear
          ? try months.map { try snapshot.metric(chart.name, $0)?.value ?? 0 }
          : try snapshot.counts(chart.name, ofDays: Self.days, until: call.now)
      }
    }
    let axis = isYear ? axis(ofMonths: months) : axisOfDays
    let charts = zip(Self.charts, figures).map { chart, values in
      let most = language.text(
        isYear ? .mostInMonth : .mostOnDay, ["count": language.number(values.max() ?? 0)])
      let sum = language.text(.inAll, ["count": language.number(values.reduce(0, +))])
      return BarChart(
        language.text(chart.text), chart.hasSum ? "\(sum), \(most)" : most, values, axis
      ).html
    }
    let week = figures.first?.suffix(7).reduce(0, +) ?? 0
    let other = isYear ? link(page.path, .last90Days) : link("\(page.path)?days=365", .last365Days)
    return [
      .tag("h2", [:], words(isYear ? .last365Days : .last90Days)),
      isYear ? [] : paragraph(.newThisWeek, ["count": language.number(week)]),
      .tag("div", ["class": "charts"], .sequence(charts)), actions([other]),
    ]
  }

  /// A row of the table is a week.
  private var axisOfDays: BarChart.Axis {
    let first = call.now.adding(seconds: -Int64(Self.days - 1) * 86_400)
    let weeks = stride(from: 0, to: Self.days, by: 7).map { day in
      language.date(first.adding(seconds: Int64(day) * 86_400).date)
    }
    return BarChart.Axis(
      from: weeks.first ?? "", to: language.date(call.now.date), rows: weeks,
      columns: [language.text(.week)] + language.weekdays(from: first.days),
      figures: language.text(.figures), separator: language.thousands)
  }

  private func axis(ofMonths months: [String]) -> BarChart.Axis {
    let rows = months.map { language.month($0) }
    return BarChart.Axis(
      from: rows.first ?? "", to: rows.last ?? "", rows: rows,
      columns: [language.text(.month), language.text(.number)], figures: language.text(.figures),
      separator: language.thousands)
  }

  /// The months of the last 365 days, as `YYYY-MM`.
  private var months: [String] {
    let (first, last) = (call.now.adding(seconds: -364 * 86_400).date, call.now.date.prefix(7))
    var months: [String] = []
    // Counted from January of the year 0.
    var number = (Int(first.prefix(4)) ?? 0) * 12 + (Int(first.dropFirst(5).prefix(2)) ?? 1) - 1
    repeat {
      let month = number % 12 + 1
      months.append("\(number / 12)-\(month < 10 ? "0" : "")\(month)")
      number += 1
    } while months.last.map { $0 < last } ?? false
    return months
  }
}
