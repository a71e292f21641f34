/// What somebody tells about themselves. An account can have several; one of them is its default.
public struct Profile: Hashable, Sendable, CustomStringConvertible {
  public package(set) var profileid: ProfileID
  public let appid: AppName
  public let accountid: AccountID
  /// Those that are set; none is empty.
  public package(set) var values: [ProfileField: String]
  public let createdAt: Timestamp
  public package(set) var updatedAt: Timestamp

  /// Its identifier: what else a profile holds does not belong into logs.
  public var description: String { profileid.description }

  /// The place of its creation among everything in the store.
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

/// Some of the fields of a profile.
package struct ProfileFields: Sendable {
  /// By raw value.
  private var bits: UInt16 = 0

  package init() {}

  package func contains(_ field: ProfileField) -> Bool { bits >> field.rawValue & 1 == 1 }

  package mutating func insert(_ field: ProfileField) { bits |= 1 << field.rawValue }
}

/// A field of a profile, in the order in which they are checked. The raw values are stored; they are below 16, and none is left out.
public enum ProfileField: UInt8, CaseIterable, Sendable {
  case fullName = 1
  case displayName, companyName, contactEmail, displayEmail, dob, phone, occupation, location, website

  /// As it is posted and as USER_PROFILE_FIELDS lists it.
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
    // Not by `allCases`, for CGI's sake (CONTRIBUTING.md).
    var next = Self.fullName
    while next.name != name {
      guard let field = Self(rawValue: next.rawValue + 1) else { return nil }
      next = field
    }
    self = next
  }

  /// What a value must look like beside its length.
  package enum Form { case text, address, date }

  package var form: Form {
    switch self {
    case .contactEmail, .displayEmail: .address
    case .dob: .date
    case .fullName, .displayName, .companyName, .phone, .occupation, .location, .website: .text
    }
  }

  /// Unicode scalars of the longest value, whatever the settings say.
  package static let longest = 256

  /// Whether the value has this field's form.
  package func isWellFormed(_ value: String, today: String) -> Bool {
    switch form {
    case .text: true
    case .address: Self.isAddress(value)
    // Dates of this form sort as text.
    case .date: CalendarDate.isDate(value) && value <= today
    }
  }

  /// One `@` with something before and a dotted name after it, no spaces or controls. Whether a message arrives there is
  /// for a message to find out.
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
