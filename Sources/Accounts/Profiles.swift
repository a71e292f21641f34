package import DashboardRecords
import DashboardSettings
import DashboardStore
package import DashboardWireFormat

package enum ProfileError: RuleError {
  case missing(ProfileField)
  case malformed(ProfileField)
  case length(ProfileField, ClosedRange<Int>)
  case unknown
  /// The profile belongs to another account.
  case another
  case tooMany
  /// The default profile can't be removed.
  case isDefault

  package var identifier: String {
    switch self {
    // One identifier, because clients get the same error for both.
    case .missing(let field), .malformed(let field): "profile-\(field.name)"
    case .length(let field, _): "profile-\(field.name)-length"
    case .unknown: "profile-unknown"
    case .another: "profile-of-another"
    case .tooMany: "too-many-profiles"
    case .isDefault: "profile-is-default"
    }
  }

  package var allowedLength: ClosedRange<Int>? {
    if case .length(_, let allowed) = self { allowed } else { nil }
  }
}

/// Rules of profiles.
package enum ProfileRules {
  /// The checked values of the required fields (USER_PROFILE_FIELDS). Other fields are ignored.
  ///
  /// - Parameter value: returns the value of a field; `nil` if it is missing.
  /// - Throws: the first `ProfileError`, in the order of the fields.
  package static func values(_ context: Context, _ value: (ProfileField) -> Bytes?) throws
    -> [ProfileField: String]
  {
    var values: [ProfileField: String] = [:]
    for field in ProfileField.allCases where context.configuration.profileFields.contains(field) {
      guard let bytes = value(field) else { throw ProfileError.missing(field) }
      let allowed = context.configuration.length(of: field)
      guard allowed.contains(bytes.scalarCount) else { throw ProfileError.length(field, allowed) }
      let text = String(decoding: bytes, as: UTF8.self)
      guard field.isWellFormed(text, today: context.now.date) else { throw ProfileError.malformed(field) }
      values[field] = text
    }
    return values
  }

  /// Creates a profile of the caller's account. The first profile becomes the default.
  ///
  /// A form that is sent again within a minute creates no second profile.
  ///
  /// - Throws: `ProfileError.tooMany`.
  package static func create(
    _ caller: Caller, _ context: Context, _ values: [ProfileField: String], becomesDefault: Bool
  ) throws -> Profile {
    let most = context.configuration.maximumRecords
    return try context.changeOwn(caller) { change, account, now in
      if context.mayRepeat {
        let last: [Profile] = try change.current.records(of: account, offset: 0, limit: 1)
        if let last = last.first, context.isRecent(last.createdAt), last.values == values { return last }
      }
      guard try change.current.count(Profile.self, of: account) < most else { throw ProfileError.tooMany }
      let profile = try change.insert(
        Profile(appid: account.appid, accountid: account.accountid, values: values, createdAt: now),
        of: account)
      if becomesDefault || account.profileid == nil {
        _ = try setDefault(profile.profileid, of: account, change, now)
      }
      return profile
    }
  }

  /// Changes fields of a profile of the caller's account.
  ///
  /// - Throws: `ProfileError.unknown`.
  package static func update(
    _ caller: Caller, _ context: Context, _ id: ProfileID, _ values: [ProfileField: String]
  ) throws -> Profile {
    try context.changeOwn(caller) { change, account, now in
      guard var profile: Profile = try change.current.record(id, of: account) else {
        throw ProfileError.unknown
      }
      profile.values.merge(values) { $1 }
      profile.updatedAt = now
      try change.update(profile)
      return profile
    }
  }

  /// Makes a profile the default of the caller's account.
  ///
  /// - Throws: `ProfileError.unknown`, `.another`.
  package static func setDefault(_ caller: Caller, _ context: Context, _ id: ProfileID) throws -> Account {
    try context.changeOwn(caller) { change, account, now in
      guard let profile: Profile = try change.current.record(id) else { throw ProfileError.unknown }
      guard profile.accountid == account.accountid else { throw ProfileError.another }
      return try setDefault(id, of: account, change, now)
    }
  }

  /// Removes a profile of the caller's account.
  ///
  /// - Throws: `ProfileError.isDefault`, `.unknown`.
  package static func delete(_ caller: Caller, _ context: Context, _ id: ProfileID) throws {
    try context.changeOwn(caller) { change, account, _ in
      guard account.profileid != id else { throw ProfileError.isDefault }
      guard let profile: Profile = try change.current.record(id, of: account) else {
        throw ProfileError.unknown
      }
      try change.remove(profile, of: account)
    }
  }

  private static func setDefault(
    _ id: ProfileID, of account: Account, _ change: borrowing Change, _ now: Timestamp
  ) throws -> Account {
    var account = account
    account.profileid = id
    account.updatedAt = now
    try change.update(account)
    return account
  }
}
