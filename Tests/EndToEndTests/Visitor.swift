/// The state of a visitor according to the answers.
struct Visitor: Sendable {
  /// A change of a visitor's stored records, in one transaction.
  enum Step: Sendable {
    case signUp, signIn, createProfile, scheduleDeletion, remove
    case setUsername(String)
    case setPassword(String)
    case createCode(secret: String)
    case useCode(id: String, secret: String, password: String)
    case endSession(String)
  }

  private(set) var username: String
  private(set) var password: String
  private(set) var accountid: String?
  private(set) var isLeaving = false
  private(set) var isGone = false
  /// Living sessions with their tokens. A token without an answer is empty.
  private(set) var sessions: [String: String] = [:]
  private(set) var endedSessions: Set<String> = []
  private(set) var profiles: Set<String> = []
  /// Reset codes with their secrets.
  private(set) var codes: [String: String] = [:]

  init(username: String, password: String) {
    self.username = username
    self.password = password
  }

  /// A session for requests.
  var session: (id: String, token: String)? {
    let usable = sessions.filter { !$0.value.isEmpty }
    return usable.min { $0.key < $1.key }.map { (id: $0.key, token: $0.value) }
  }

  /// - Parameters:
  ///   - id: the identifier of the created record.
  ///   - token: the token of the created session; `nil` without an answer.
  ///   - caller: the session of the request.
  mutating func take(_ step: Step, id: String? = nil, token: String? = nil, caller: String? = nil) {
    switch step {
    case .signUp: accountid = id
    case .signIn: if let id { sessions[id] = token ?? "" }
    case .createProfile: if let id { profiles.insert(id) }
    case .createCode(let secret): if let id { codes[id] = secret }
    case .endSession(let id): endSessions { $0 != id }
    case .setUsername(let name):
      username = name
      endSessions { $0 == caller }
    case .setPassword(let text):
      password = text
      endSessions { $0 == caller }
    case .useCode(let id, _, let text):
      codes[id] = nil
      password = text
      endSessions { _ in false }
    case .scheduleDeletion:
      isLeaving = true
      endSessions { _ in false }
    case .remove: isGone = true
    }
  }

  private mutating func endSessions(but lives: (String) -> Bool) {
    for id in sessions.keys where !lives(id) {
      sessions.removeValue(forKey: id)
      endedSessions.insert(id)
    }
  }

  // MARK: The next step

  /// A step that must succeed.
  ///
  /// - Parameter number: a different number for each step.
  func nextStep(number: Int, using random: inout some RandomNumberGenerator) -> Step {
    guard accountid != nil else { return .signUp }
    if isLeaving { return .remove }
    guard session != nil else { return .signIn }
    // Most steps have several effects. All of them must be stored, or none.
    if sessions.count < 3 { return .signIn }
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<2: return .signIn
    case 2..<7: return .setUsername("renamed\(number)")
    case 7..<11: return .setPassword("password \(number)")
    case 11..<13: return .createProfile
    case 13..<15: return .createCode(secret: "code\(1000 + number)")
    case 15..<17:
      guard let (id, secret) = codes.min(by: { $0.key < $1.key }) else { return .createProfile }
      return .useCode(id: id, secret: secret, password: "password \(number)")
    case 17: return .endSession(sessions.keys.sorted().last ?? "")
    case 18: return .scheduleDeletion
    default: return .remove
    }
  }

  /// The request for a step: verb, target and form.
  func request(_ step: Step) -> (verb: String, target: String, form: [(key: String, value: String)]) {
    let own = "?accountid=\(accountid ?? "")"
    let proof = [(key: "password", value: password)]
    let credentials = [(key: "username", value: username)] + proof
    switch step {
    case .signUp: return ("POST", "/api/user/create-account", credentials)
    case .signIn: return ("POST", "/api/user/create-session", credentials)
    case .createProfile:
      return (
        "POST", "/api/user/create-profile" + own,
        [("full-name", "Ada Lovelace"), ("contact-email", "ada@example.org")]
      )
    case .createCode(let secret):
      return ("POST", "/api/user/create-reset-code" + own, [("secret-code", secret)])
    case .endSession(let id): return ("PATCH", "/api/user/set-session-ended?sessionid=\(id)", [])
    case .setUsername(let name):
      return ("PATCH", "/api/user/set-account-username" + own, proof + [("new-username", name)])
    case .setPassword(let text):
      return ("PATCH", "/api/user/set-account-password" + own, proof + [("new-password", text)])
    case .useCode(_, let secret, let text):
      return (
        "PATCH", "/api/user/reset-account-password",
        [("username", username), ("secret-code", secret), ("new-password", text)]
      )
    case .scheduleDeletion: return ("PATCH", "/api/user/set-account-deleted" + own, proof)
    case .remove: return ("DELETE", "/api/administrator/delete-account" + own, [])
    }
  }
}
