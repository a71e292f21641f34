public import DashboardRecords
public import DashboardRouting
import DashboardSettings
import DashboardStore
import DashboardWireFormat

/// POST /api/user/create-reset-code: a secret for the day on which the password is forgotten.
public enum CreateResetCode: Endpoint {
  static let parameter = Declaration.Parameter.required(
    .posted, "secret-code", "6 to 50 letters and digits")
  static let invalid = Exception(
    "invalid-secret-code", 400, "posted secret-code is missing or not made of letters and digits",
    field: "secret-code")
  static let length = Exception(
    "invalid-secret-code-length", 400, "posted secret-code is too short or too long", field: "secret-code")
  static let settings: [Setting] = [
    .minimumResetCode, .maximumResetCode, .resetCodeLifetime, .maximumRecords, .maximumRegistrations,
    .attemptWindow,
  ]

  public static var route: String { "/api/user/create-reset-code" }
  public static let declaration = Declaration(
    .post, route,
    "Creates a reset code, which sets a new password once. One that is the same secret is replaced.",
    access: .freshSession,
    takes: [NamedAccount.ownParameter, parameter],
    exceptions: NamedAccount.ownExceptions + [invalid, length, Guesses.tooManyCodes],
    settings: settings + [.verificationDelay])

  public static func answer(_ call: inout Call) throws -> ResetCode {
    try NamedAccount.own(call)
    let draft = try Draft(call)
    try call.countResetCode()
    let code = try call.changeOwn { change, account, now in
      try draft.add(to: account, by: account, change, now)
    }
    call.note(.codeCreated, code.accountid)
    return code
  }

  /// A reset code before it is somebody's.
  struct Draft {
    private let id: ResetCodeID
    /// By the keys, and by those before them.
    private let most: Int
    private let hashes: (current: [UInt8], all: [[UInt8]])

    /// - Throws: `invalid`, `length`.
    init(_ call: Call) throws {
      guard let code = call.posted["secret-code"], code.allSatisfy(Self.isAllowed) else { throw invalid }
      try code.checkLength(call.configuration.resetCodeLength, length)
      most = call.configuration.maximumRecords
      id = ResetCodeID(madeAt: call.moment, call.random)
      hashes = (call.keys.hash(code), call.keys.hashes(code))
    }

    /// Adds it in place of the one that is the same secret: so an account has a secret once, and to use it up never takes
    /// more than that.
    func add(to account: Account, by creator: Account, _ change: borrowing Change, _ now: Timestamp) throws
      -> ResetCode
    {
      try change.removeResetCodes(of: account, hashes: hashes.all)
      let code = ResetCode(
        codeid: try change.unused(id), appid: account.appid, accountid: account.accountid,
        sequence: try change.nextSequence(), secretCodeHash: hashes.current, creator: creator.accountid,
        createdAt: now)
      try change.addResetCode(code, to: account, atMost: most)
      return code
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: false
      }
    }
  }
}
