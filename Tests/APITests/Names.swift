import DashboardEndpoints
import DashboardRecords
import DashboardRouting
import TestSupport

/// A test's data directory, which is opened again and again with other settings.
struct Names {
  let directory: TemporaryDirectory

  /// Compares usernames byte by byte, as programs before prepared forms did.
  static let exact = ["USERNAMES": "exact"]
  static let password = "correct horse"

  private static let firstKeys = ["DASHBOARD_ENCRYPTION_KEY": "one", "DASHBOARD_SESSION_KEY": "two"]
  private static let nextKeys = ["DASHBOARD_ENCRYPTION_KEY": "three", "DASHBOARD_SESSION_KEY": "four"]

  enum Keys { case first, firstAndNext, next }

  init() throws { directory = try TemporaryDirectory() }

  func open(
    _ settings: [String: String] = [:], keys: Keys = .first, random: InterruptibleRandom = .init()
  ) throws -> Dashboard {
    let previous = Dictionary(uniqueKeysWithValues: Self.firstKeys.map { ("\($0.key)_PREVIOUS", $0.value) })
    let keys =
      switch keys {
      case .first: Self.firstKeys
      case .firstAndNext: Self.nextKeys + previous
      case .next: Self.nextKeys
      }
    let given = ["BCRYPT_WORKLOAD_FACTOR": "4", "MAXIMUM_REGISTRATIONS": "1000000"] + keys + settings
    return try Dashboard(dataDirectory: directory.path("data"), settings: given, random: random)
  }
}

/// Calls of a trusted client. Each gives the identifier of the account, or the status and the code of a refusal.
extension Dashboard {
  func register(_ name: String, _ password: String = Names.password) throws -> String {
    try outcome {
      try call(CreateAccount.self, posted: ["username": name, "password": password], from: .trusted).accountid
    }
  }

  func signIn(_ name: String, _ password: String = Names.password, from client: Client = .trusted) throws
    -> String
  {
    try outcome {
      try call(CreateSession.self, posted: ["username": name, "password": password], from: client).accountid
    }
  }

  func session(_ name: String, _ password: String = Names.password) throws -> Session {
    try call(CreateSession.self, posted: ["username": name, "password": password], from: .trusted)
  }

  func rename(_ session: Session, to name: String, _ password: String = Names.password) throws -> String {
    try outcome {
      try call(
        SetAccountUsername.self, query: ["accountid": "\(session.accountid)"],
        posted: ["new-username": name, "password": password], as: session, from: .trusted
      ).accountid
    }
  }
}

/// The identifier of an account, or the status and the code of a refusal.
func outcome(_ body: () throws -> AccountID) throws -> String {
  do {
    return "\(try body())"
  } catch let exception as Exception {
    return "\(exception.status) \(exception.code)"
  }
}
