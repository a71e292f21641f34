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
          ? try months.map { year, month in
            try snapshot.metric(chart.name, Metric.period(year: year, month: month))?.value ?? 0
          }
          : try snapshot.counts(chart.name, ofDays: Self.days, until: call.now)
      }
    }
    let axis = isYear ? axis(ofMonths: months) : axisOfDays
    let charts = zip(Self.charts, figures).map { chart, values in
      let most = language.text(
        isYear ? .mostInMonth : .mostOnDay, ["count": language.number(values.max() ?? 0)])
      let sum = language.text(.inAll, ["count": language.number(values.reduce(0, +))])
      let name = language.text(chart.text)
      let summary = chart.hasSum ? sum + language.comma + most : most
      let period = "\(axis.first) – \(axis.last)"
      return BarChart(
        name, title: language.sentence(about: name + language.comma + period, summary),
        figures: language.sentence(about: language.text(.figures), name), summary: summary, values, axis
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
      language.date(first.adding(seconds: Int64(day) * 86_400))
    }
    return BarChart.Axis(
      from: weeks.first ?? "", to: language.date(call.now), rows: weeks,
      columns: [language.text(.week)] + language.weekdays(from: first.days),
      separator: language.thousands)
  }

  private func axis(ofMonths months: [(year: Int, month: Int)]) -> BarChart.Axis {
    let rows = months.map { language.month($0.month, $0.year) }
    return BarChart.Axis(
      from: rows.first ?? "", to: rows.last ?? "", rows: rows,
      columns: [language.text(.month), language.text(.number)],
      separator: language.thousands)
  }

  /// The months of the last 365 days.
  private var months: [(year: Int, month: Int)] {
    let (first, last) = (call.now.adding(seconds: -364 * 86_400).calendarDay, call.now.calendarDay)
    let numbers = (first.year * 12 + first.month - 1)...(last.year * 12 + last.month - 1)
    return numbers.map { ($0 / 12, $0 % 12 + 1) }
  }
}
