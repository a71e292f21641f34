import DashboardAPI

/// Names every type of an answer, an error and a parameter. It compiles with the one import.
enum Names {
  struct Answers {
    let account: Account, session: Session, profile: Profile, resetCode: ResetCode, metric: Metric
    let settings: Settings.Answer
    let accountid: AccountID, sessionid: SessionID, profileid: ProfileID, codeid: ResetCodeID
    let identifier: Identifier<AccountKind>, app: AppName, time: Timestamp
    let field: ProfileField, metricName: Metric.Name
  }

  struct Parameters {
    let client: Client, clock: any TimeSource, random: any RandomSource
    let standard: (SystemClock, SystemRandom), kind: any IdentifierKind.Type, endpoint: any Endpoint.Type
  }

  struct Descriptions {
    let declaration: Declaration, parameter: Declaration.Parameter, source: Declaration.Parameter.Source
    let verb: Verb, access: Access, role: Access.Role
    let schema: JSONSchema, field: JSONSchema.Field, encodable: any JSONEncodable, exemplary: any Exemplary
  }

  /// What an error is, if the library documents it.
  static func kind(of error: any Error) -> String? {
    switch error {
    case let exception as Exception: "\(exception.status) \(exception.code)"
    case AccessRefusal.signInRequired, AccessRefusal.administratorRequired: "refused"
    case is ConfigurationError: "setting"
    case let error as StoreOpeningError: error.isTemporary ? "not yet open" : "not open"
    case is StoreUnavailable: "unavailable"
    case is StoreLost: "lost"
    default: nil
    }
  }

  static func check(_ directory: String, _ dashboard: Dashboard) throws {
    let invalid = ["MINIMUM_PASSWORD_LENGTH": "long"]
    expect("setting") { _ = try Dashboard(dataDirectory: "\(directory)/other", settings: invalid) }
    expect("setting") { _ = try Dashboard(dataDirectory: "\(directory)/missing/data") }
    expect("not open") { _ = try Dashboard(dataDirectory: "\(directory)/own") }
    expect("refused") { _ = try dashboard.call(CurrentSession.self) }
    expect("400 invalid-username") { _ = try dashboard.call(CreateAccount.self) }
    // A type of the same name can be told apart by the module.
    struct Session { let own: DashboardAPI.Session? }
    Consumer.check(Session(own: nil).own == nil, "the module does not tell the types apart")
  }

  private static func expect(_ expected: String, _ body: () throws -> Void) {
    do {
      try body()
      fatalError("\(expected) is missing")
    } catch {
      Consumer.check(kind(of: error) == expected, "\(error) is not \(expected)")
    }
  }
}
