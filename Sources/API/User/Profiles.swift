import DashboardAccounts
public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

/// GET /api/user/profile: one profile of the caller's account.
public enum ReadProfile: Endpoint {
  public static var route: String { "/api/user/profile" }
  public static let declaration = Declaration(
    .get, route, "Returns a profile of the caller's account.",
    access: .session,
    parameters: [Named.profile.ownParameter],
    exceptions: Named.profile.ownExceptions)

  public static func answer(_ call: inout Call) throws -> Profile { try Named.profile.own(call) }
}

/// GET /api/user/profiles: the profiles of the caller's account, newest first.
public enum Profiles: Endpoint {
  public static var route: String { "/api/user/profiles" }
  public static let declaration = Declaration.ownList(
    route, "Lists the profiles of the caller's account, newest first.")

  public static func answer(_ call: inout Call) throws -> [Profile] {
    try call.list(.profile, of: NamedAccount.own(call))
  }
}

/// GET /api/user/profiles-count: the number of profiles of the caller's account.
public enum ProfilesCount: Endpoint {
  public static var route: String { "/api/user/profiles-count" }
  public static let declaration = Declaration.ownCount(
    route, "Counts the profiles of the caller's account.")

  public static func answer(_ call: inout Call) throws -> Int {
    try call.count(Profile.self, of: NamedAccount.own(call))
  }
}

/// POST /api/user/create-profile: creates a profile.
public enum CreateProfile: Endpoint {
  static let tooMany = Exception(
    "too-many-profiles", 409, "the account has as many profiles as MAXIMUM_RECORDS allows"
  ).answering(ProfileError.tooMany)

  public static var route: String { "/api/user/create-profile" }
  public static let declaration = Declaration(
    .post, route,
    "Creates a profile. The first profile of an account becomes its default.",
    access: .session,
    parameters: [NamedAccount.ownParameter] + ProfileForm.parameters + [
      .optional(.posted, "default", "true to make it the default profile")
    ],
    exceptions: NamedAccount.ownExceptions + ProfileForm.exceptions + [tooMany],
    settings: ProfileForm.settings + [.maximumRecords])

  public static func answer(_ call: inout Call) throws -> Profile {
    try NamedAccount.own(call)
    let becomesDefault = call.posted["default"]?.isEqual(to: "true") ?? false
    return try ProfileRules.create(
      call.caller, call.context, ProfileForm.values(call), becomesDefault: becomesDefault)
  }
}

/// PATCH /api/user/update-profile: changes a profile.
public enum UpdateProfile: Endpoint {
  public static var route: String { "/api/user/update-profile" }
  public static let declaration = Declaration(
    .patch, route, "Changes the fields of a profile of the caller's account.",
    access: .session,
    parameters: [Named.profile.ownParameter] + ProfileForm.parameters,
    exceptions: Named.profile.ownExceptions + ProfileForm.exceptions,
    settings: ProfileForm.settings)

  public static func answer(_ call: inout Call) throws -> Profile {
    let id = try Named.profile.own(call).profileid
    return try ProfileRules.update(call.caller, call.context, id, ProfileForm.values(call))
  }
}

/// PATCH /api/user/set-account-profile: changes the default profile.
public enum SetAccountProfile: Endpoint {
  static let parameter = Declaration.Parameter.required(
    .posted, "profileid", "a profile of the caller's account")
  static let missing = Exception("invalid-profileid", 400, "missing posted profileid", field: "profileid")
  static let unknown = Exception("invalid-profileid", 404, "unknown posted profileid", field: "profileid")
    .answering(ProfileError.unknown)
  static let another = Exception(
    "invalid-account", 403, "posted profileid is not the caller's", field: "profileid"
  ).answering(ProfileError.another)

  public static var route: String { "/api/user/set-account-profile" }
  public static let declaration = Declaration(
    .patch, route, "Makes a profile the default of the caller's account.",
    access: .session,
    parameters: [NamedAccount.ownParameter, parameter],
    exceptions: NamedAccount.ownExceptions + [missing, unknown, another])

  public static var example: Account {
    .example { account, _ in account.profileid = Profile.example.profileid }
  }

  public static func answer(_ call: inout Call) throws -> Account {
    try NamedAccount.own(call)
    guard let text = call.posted["profileid"] else { throw missing }
    guard let id = ProfileID(text) else { throw unknown }
    return try ProfileRules.setDefault(call.caller, call.context, id)
  }
}

/// DELETE /api/user/delete-profile: removes a profile that is not the default.
public enum DeleteProfile: Endpoint {
  static let isDefault = Exception(
    "invalid-profile", 409, "querystring profileid is the default profile", field: "profileid"
  ).answering(ProfileError.isDefault)

  public static var route: String { "/api/user/delete-profile" }
  public static let declaration = Declaration(
    .delete, route, "Removes a profile of the caller's account. The default profile can't be removed.",
    access: .session,
    parameters: [Named.profile.ownParameter],
    exceptions: [Named.profile.missing, isDefault, Named.profile.unknown, Named.profile.another])

  public static func answer(_ call: inout Call) throws -> Bool {
    let id = try Named.profile.own(call).profileid
    try ProfileRules.delete(call.caller, call.context, id)
    return true
  }
}
