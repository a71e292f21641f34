import DashboardAccounts
import DashboardRecords
import DashboardRouting
import DashboardStore
import DashboardWireFormat

/// The record whose identifier is in the URL. It must belong to the caller's account (`own`), or may be any
/// (`any`).
struct Named<Record>: Sendable {
  let name: String
  private let code: String
  private let kind: String
  /// The rule's error for a record that does not exist.
  private let gone: any RuleError
  /// The record of this kind that was read to know the caller.
  private let ofCaller: @Sendable (Caller) -> Record?

  fileprivate init(
    _ name: String, _ code: String, _ kind: String, gone: any RuleError,
    ofCaller: @escaping @Sendable (Caller) -> Record? = { _ in nil }
  ) {
    self.name = name
    self.code = code
    self.kind = kind
    self.gone = gone
    self.ofCaller = ofCaller
  }

  var ownParameter: Declaration.Parameter {
    .required(.querystring, name, "a \(kind) of the caller's account")
  }
  var parameter: Declaration.Parameter { .required(.querystring, name, "a \(kind)") }

  var missing: Exception { Exception(code, 400, "missing querystring \(name)", field: name) }
  var unknown: Exception {
    Exception(code, 404, "unknown querystring \(name)", field: name).answering(gone)
  }
  var another: Exception {
    Exception("invalid-account", 403, "querystring \(name) is not the caller's", field: name)
  }

  /// The exceptions of `own`.
  var ownExceptions: [Exception] { [missing, unknown, another] }
  /// The exceptions of `any`.
  var exceptions: [Exception] { [missing, unknown] }
}

extension Named where Record: OwnedRecord {
  /// The record, which must belong to the caller's account.
  func own(_ call: Call) throws -> Record {
    let record = try any(call)
    guard try record.accountid == call.signedIn.account.accountid else { throw another }
    return record
  }

  /// The record of any account.
  func any(_ call: Call) throws -> Record {
    guard let text = call.query[name] else { throw missing }
    guard let record = try find(text, call) else { throw unknown }
    return record
  }

  func find(_ text: Bytes, _ call: Call) throws -> Record? {
    guard let id = Identifier<Record.Kind>(text) else { return nil }
    if let known = ofCaller(call.caller), known.id == id { return known }
    return try call.read { try $0.record(id) }
  }
}

extension Named<Session> {
  static let session = Named(
    "sessionid", "invalid-sessionid", "session", gone: SessionError.unknown,
    ofCaller: { $0.signedIn?.session })
}

extension Named<Profile> {
  static let profile = Named("profileid", "invalid-profileid", "profile", gone: ProfileError.unknown)
}

extension Named<ResetCode> {
  static let resetCode = Named("codeid", "invalid-reset-codeid", "reset code", gone: ResetCodeError.unknown)
}

extension Named<Invitation> {
  static let invitation = Named(
    "invitationid", "invalid-invitationid", "invitation", gone: InvitationError.unknown)
}

extension Named<Passkey> {
  static let passkey = Named("passkeyid", "invalid-passkeyid", "passkey", gone: PasskeyError.unknown)
}

extension Named<AccountEvent> {
  static let event = Named("eventid", "invalid-eventid", "event", gone: EventError.unknown)
}

/// The account whose identifier is in the URL, as `accountid`.
enum NamedAccount {
  static let name = "accountid"
  static let ownParameter = Declaration.Parameter.required(.querystring, name, "the caller's own account")
  static let parameter = Declaration.Parameter.required(.querystring, name, "an account")
  static let filter = Declaration.Parameter.optional(
    .querystring, name, "an account, to limit the answer to its records")
  static let missing = Exception("invalid-accountid", 400, "missing querystring accountid", field: name)
  static let unknown = Exception("invalid-accountid", 404, "unknown querystring accountid", field: name)
    .answering(AccountError.unknown)
  static let another = Exception(
    "invalid-account", 403, "querystring accountid is not the caller's", field: name)

  /// The exceptions of `own`.
  static let ownExceptions = [missing, unknown, another]
  /// The exceptions of `any`.
  static let exceptions = [missing, unknown]

  /// The account, which must be the caller's.
  @discardableResult static func own(_ call: Call) throws -> Account {
    let account = try any(call)
    guard try account.accountid == call.signedIn.account.accountid else { throw another }
    return account
  }

  /// Any account.
  static func any(_ call: Call) throws -> Account {
    guard let account = try anyIfNamed(call) else { throw missing }
    return account
  }

  /// Any account; `nil` if the query has no `accountid`.
  static func anyIfNamed(_ call: Call) throws -> Account? {
    guard let text = call.query[name] else { return nil }
    guard let id = AccountID(text), let account = try call.read({ try $0.account(id) }) else { throw unknown }
    return account
  }
}
