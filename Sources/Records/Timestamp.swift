/// A moment: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Whole seconds, rounded down.
  package var seconds: Int64 { milliseconds.flooringQuotient(by: 1000) }
  /// Whole days, rounded down.
  package var days: Int64 { milliseconds.flooringQuotient(by: 86_400_000) }

  public static func < (first: Timestamp, second: Timestamp) -> Bool {
    first.milliseconds < second.milliseconds
  }

  /// The moment `seconds` later. It saturates at the earliest and the latest moment.
  public func adding(seconds: Int64) -> Timestamp {
    let (span, overflows) = seconds.multipliedReportingOverflow(by: 1000)
    let (sum, exceeds) = milliseconds.addingReportingOverflow(span)
    guard !overflows, !exceeds else { return Timestamp(milliseconds: seconds < 0 ? .min : .max) }
    return Timestamp(milliseconds: sum)
  }

  /// ISO 8601 in UTC with milliseconds, such as `2022-06-24T02:42:56.947Z`. A moment outside the years 0…9999
  /// is shown as the nearest moment inside.
  public var description: String { String(capacity: Self.length) { append(to: &$0) } }

  /// The length of its text in bytes.
  package static var length: Int { 24 }

  /// Appends its text, which is ASCII.
  package func append(to text: inout OutputSpan<UInt8>) {
    // 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.
    let shown = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
    let day = shown.flooringQuotient(by: 86_400_000)
    let time = shown - day * 86_400_000
    let (year, month, dayOfMonth) = Self.civil(day)
    let (hour, minute) = (Self.digits(time / 3_600_000), Self.digits(time / 60_000 % 60))
    let (second, millisecond) = (Self.digits(time / 1000 % 60), time % 1000)
    // Eight bytes at a time: the fields and the punctuation between them.
    text.append(
      bigEndian: Self.digits(year / 100) << 48 | Self.digits(year % 100) << 32 | Self.mark("-") << 24
        | Self.digits(month) << 8 | Self.mark("-"))
    text.append(
      bigEndian: Self.digits(dayOfMonth) << 48 | Self.mark("T") << 40 | hour << 24 | Self.mark(":") << 16
        | minute)
    text.append(
      bigEndian: Self.mark(":") << 56 | second << 40 | Self.mark(".") << 32
        | Self.digits(millisecond / 10) << 16 | (Self.mark("0") + UInt64(millisecond % 10)) << 8
        | Self.mark("Z"))
  }

  /// Two decimal digits of 0…99, as text.
  private static func digits(_ value: Int64) -> UInt64 {
    let value = UInt64(truncatingIfNeeded: value)
    return (mark("0") + value / 10) << 8 | (mark("0") + value % 10)
  }

  private static func mark(_ scalar: Unicode.Scalar) -> UInt64 { UInt64(scalar.value) }

  /// Its day in UTC.
  package var calendarDay: (year: Int, month: Int, day: Int) {
    let (year, month, day) = Self.civil(days)
    return (Int(year), Int(month), Int(day))
  }

  /// The date in the proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date
  /// Algorithms", civil_from_days).
  ///
  /// - Parameter day: counted from 1970-01-01.
  private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = shifted.flooringQuotient(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

extension Int64 {
  fileprivate func flooringQuotient(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
