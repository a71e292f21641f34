/// A holder's personal data. An account can have several profiles; one is its default.
public struct Profile: Hashable, Sendable, CustomStringConvertible {
  public package(set) var profileid: ProfileID
  public let appid: AppName
  public let accountid: AccountID
  /// The values of the fields that are set. No value is empty.
  public package(set) var values: [ProfileField: String]
  public let createdAt: Timestamp
  public package(set) var updatedAt: Timestamp

  /// The identifier: no other field of a profile belongs in logs.
  public var description: String { profileid.description }

  /// Its place in the order of creation over the whole store.
  package var sequence: UInt64

  package init(
    profileid: ProfileID = .unassigned, appid: AppName, accountid: AccountID, sequence: UInt64 = 0,
    values: [ProfileField: String], createdAt: Timestamp
  ) {
    self.profileid = profileid
    self.appid = appid
    self.accountid = accountid
    self.sequence = sequence
    self.values = values
    self.createdAt = createdAt
    updatedAt = createdAt
  }
}

extension Profile: OwnedRecord {
  package var id: ProfileID {
    get { profileid }
    set { profileid = newValue }
  }
}

/// A set of profile fields.
package struct ProfileFields: Sendable {
  /// Bit `n` stands for the field with the raw value `n`.
  private var bits: UInt16 = 0

  package init() {}

  package func contains(_ field: ProfileField) -> Bool { bits >> field.rawValue & 1 == 1 }

  package mutating func insert(_ field: ProfileField) { bits |= 1 << field.rawValue }
}

/// A field of a profile. The order is that of the checks.
///
/// The raw values are stored. They are consecutive and below 16.
public enum ProfileField: UInt8, CaseIterable, Sendable {
  case fullName = 1
  case displayName, companyName, contactEmail, displayEmail, dob, phone, occupation, location, website

  /// The name of the posted parameter, and in USER_PROFILE_FIELDS.
  public var name: String {
    switch self {
    case .fullName: "full-name"
    case .displayName: "display-name"
    case .companyName: "company-name"
    case .contactEmail: "contact-email"
    case .displayEmail: "display-email"
    case .dob: "dob"
    case .phone: "phone"
    case .occupation: "occupation"
    case .location: "location"
    case .website: "website"
    }
  }

  package init?(name: some StringProtocol) {
    guard let field = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = field
  }

  /// The syntax of a value.
  package enum Form { case text, address, date }

  package var form: Form {
    switch self {
    case .contactEmail, .displayEmail: .address
    case .dob: .date
    case .fullName, .displayName, .companyName, .phone, .occupation, .location, .website: .text
    }
  }

  /// The greatest length that the settings can allow, in Unicode scalars.
  package static let longest = 256

  /// True if the value has the form of this field.
  ///
  /// - Parameter today: as `YYYY-MM-DD`. A date of birth must not be later.
  package func isWellFormed(_ value: String, today: String) -> Bool {
    switch form {
    case .text: true
    case .address: Self.isAddress(value)
    // `YYYY-MM-DD` sorts as text.
    case .date: CalendarDate.isDate(value) && value <= today
    }
  }

  /// True if the value has one `@` with text before it and a dotted name after it, and no spaces or control
  /// characters. Only a message to the address can show that it exists.
  private static func isAddress(_ value: String) -> Bool {
    let scalars = value.unicodeScalars
    let hasSpaces = scalars.contains {
      $0.value <= 0x20 || $0.value == 0x7F || (0x80...0x9F).contains($0.value) || $0.properties.isWhitespace
    }
    let parts = value.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard !hasSpaces, parts.count == 2, !parts[0].isEmpty else { return false }
    let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty }
  }
}

/// Dates of the proleptic Gregorian calendar, as `YYYY-MM-DD`.
package enum CalendarDate {
  package static func isDate(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else {
      return false
    }
    guard let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
      (1...12).contains(month)
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return day >= 1 && day <= days[month - 1]
  }

  /// The days from 1970-01-01 to a date in the form `YYYY-MM-DD`; `nil` for other text (Howard Hinnant, "chrono-Compatible Low-Level
  /// Date Algorithms", days_from_civil). It does not look whether the month has the day.
  package static func days(_ text: Span<UInt8>) -> Int64? {
    guard text.count == 10 else { return nil }
    var isNumber = true
    func number(_ places: Range<Int>) -> Int64 {
      var sum: Int64 = 0
      for place in places {
        let digit = text[place] &- UInt8(ascii: "0")
        isNumber = isNumber && digit < 10
        sum = sum &* 10 &+ Int64(digit)
      }
      return sum
    }
    let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
    guard isNumber else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    // From 1 March of the year 0 on, so that no number is negative but in January and February of that year.
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    digits.reduce(0 as Int?) { sum, byte in
      guard let sum, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      return sum * 10 + Int(byte - UInt8(ascii: "0"))
    }
  }
}

extension Timestamp {
  /// Its day in UTC, as `YYYY-MM-DD`.
  package var date: String { String(Substring(description.utf8.prefix(10))) }
}
