import DashboardCrypto
public import DashboardRecords
public import DashboardWireFormat

// The examples in the documentation: one account and its records. Every field of an object has a value in at
// least one example.

private let registered = Timestamp(milliseconds: 1_656_038_570_102)
private let signedIn = Timestamp(milliseconds: 1_656_038_576_947)

private func bytes(_ count: Int, _ seed: UInt8) -> [UInt8] {
  Array(Hash.sha512([seed]).prefix(count))
}

extension Account: Exemplary {
  public static var example: Account {
    var account = Account(
      accountid: AccountID(rawValue: 0x62B5_24AA_7D78_F305), appid: .example, sequence: 1, usernameHash: [],
      passwordHash: PasswordHash(text: ""), sessionSalt: [], createdAt: registered)
    account.ownerSince = registered
    account.administratorSince = registered
    account.lastSignedInAt = signedIn
    account.updatedAt = signedIn
    return account
  }

  /// The example after a change.
  static func example(_ change: (_ account: inout Account, _ now: Timestamp) -> Void) -> Account {
    var account = example
    account.updatedAt = signedIn.adding(seconds: 6)
    change(&account, account.updatedAt)
    return account
  }

  /// The example as an account without a role, after a change.
  static func userExample(_ change: (_ account: inout Account, _ now: Timestamp) -> Void = { _, _ in })
    -> Account
  {
    example { account, now in
      account.ownerSince = nil
      account.administratorSince = nil
      change(&account, now)
    }
  }

  static let newExample: Account = {
    var account = example
    account.lastSignedInAt = nil
    account.updatedAt = account.createdAt
    return account
  }()

  static let madeExample: Account = {
    var account = userExample()
    account.lastSignedInAt = nil
    account.resetCodeLastCreatedAt = account.updatedAt
    let due = account.updatedAt.adding(seconds: 7 * 86_400)
    account.changeMembership {
      $0.groups = ["editors", "family"]
      $0.passwordDueAt = due
      $0.secretCode = "4f7kq0vwm2zc9ytxr81h"
    }
    return account
  }()

  static let suspendedExample = userExample { account, now in
    account.changeMembership {
      $0.suspension = Membership.Suspension(at: now, reason: "complaints by members", by: nil)
    }
  }

  static let deletedExample = userExample { $0.deletedAt = $1.adding(seconds: 7 * 86_400) }
}

extension SecondFactors: Exemplary {
  public static var example: SecondFactors { SecondFactors(of: enrolled, isRequired: false) }

  static var newExample: SecondFactors { new(enrolled) }

  /// After the first second factor, a passkey.
  static var firstPasskeyExample: SecondFactors {
    var account = enrolled
    account.changeFactors { $0.authenticator = nil }
    return new(account)
  }

  private static func new(_ account: Account) -> SecondFactors {
    var example = SecondFactors(of: account, isRequired: false)
    example.recoveryCodes = ["JX4Q-7ZC2-KDWP-5RTN", "M3VB-YH6E-2QLA-UFGS"]
    return example
  }

  static var noneExample: SecondFactors { SecondFactors(of: .example, isRequired: false) }

  private static var enrolled: Account {
    .example { account, now in
      account.changeFactors {
        $0.authenticator = Factors.Authenticator(secret: [], createdAt: now)
        $0.passkeys = 1
        $0.recoveryCodes = Array(repeating: [], count: 10)
      }
    }
  }
}

extension AuthenticatorSecret: Exemplary {
  public static var example: AuthenticatorSecret {
    let secret = "KZ2XO43POJSCAZDPMVZSA3LVONUWG4DT"
    return AuthenticatorSecret(
      accountid: Account.example.accountid, secret: secret,
      uri: "otpauth://totp/Example:ada?secret=\(secret)&issuer=Example", createdAt: signedIn)
  }
}

extension Passkey: Exemplary {
  public static var example: Passkey {
    var passkey = Passkey(
      passkeyid: PasskeyID(rawValue: 0x62B5_24B0_C3D1_77E2), appid: .example,
      accountid: Account.example.accountid, sequence: 7, name: "Phone", credentialID: bytes(16, 5),
      publicKey: [], signatureCounter: 0, isBackupEligible: true, isBackedUp: true,
      transports: ["internal", "hybrid"], relyingPartyID: "accounts.example", createdAt: registered)
    passkey.lastUsedAt = signedIn
    return passkey
  }
}

extension PasskeyCreation: Exemplary {
  public static var example: PasskeyCreation {
    PasskeyCreation(
      challenge: bytes(49, 6), domain: "accounts.example", siteName: "Example", userHandle: bytes(32, 7),
      userName: "ada", existing: [])
  }
}

extension PasskeyRequest: Exemplary {
  public static var example: PasskeyRequest {
    PasskeyRequest(
      challenge: bytes(49, 8), domain: "accounts.example",
      allowed: [PasskeyDescriptor(.example)], requiresUserVerification: false)
  }
}

extension Session: Exemplary {
  public static var example: Session {
    let userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    var session = Session(
      sessionid: SessionID(rawValue: 0x62B5_24B0_94D4_59C5), appid: .example,
      accountid: Account.example.accountid, sequence: 2, duration: 1200, csrfToken: bytes(64, 1),
      tokenHash: [], epoch: 1, details: ClientDetails(of: .address("192.0.2.44", userAgent: userAgent)),
      createdAt: signedIn)
    session.showsDetails = true
    session.isCurrent = true
    return session
  }

  static let newExample: Session = {
    var session = example
    session.isCurrent = false
    session.token = Hexadecimal.text(bytes(32, 2))
    return session
  }()

  static let endedExample: Session = {
    var session = example
    session.endedAt = signedIn.adding(seconds: 6)
    session.updatedAt = signedIn.adding(seconds: 6)
    session.ended = true
    return session
  }()
}

extension Profile: Exemplary {
  public static var example: Profile {
    Profile(
      profileid: ProfileID(rawValue: 0x62B5_24B0_C0D1_2B63), appid: .example,
      accountid: Account.example.accountid, sequence: 3,
      values: [.fullName: "Ada Lovelace", .contactEmail: "ada@example.org"], createdAt: signedIn)
  }
}

extension ResetCode: Exemplary {
  public static var example: ResetCode {
    ResetCode(
      codeid: ResetCodeID(rawValue: 0x62B5_24B0_9C27_A884), appid: .example,
      accountid: Account.example.accountid, sequence: 4, secretCodeHash: [],
      creator: Account.example.accountid, createdAt: signedIn)
  }
}

extension Invitation: Exemplary {
  public static var example: Invitation {
    Invitation(
      invitationid: InvitationID(rawValue: 0x62B5_24B0_A1C7_3E90), appid: .example,
      accountid: Account.example.accountid, sequence: 5, codeHash: [], uses: 5,
      expiresAt: signedIn.adding(seconds: 7 * 86_400), groups: ["editors", "family"], note: "for the choir",
      createdAt: signedIn)
  }

  static let newExample: Invitation = {
    var invitation = example
    invitation.code = "8n6d2wq0kx4v7c1r5tbz"
    return invitation
  }()
}

extension AccountEvent: Exemplary {
  public static var example: AccountEvent {
    var event = AccountEvent(
      eventid: EventID(rawValue: 0x62B5_24B0_5D0E_1C07), appid: .example,
      accountid: Account.example.accountid, name: "signed-in", by: .holder, details: Session.example.details,
      createdAt: signedIn)
    event.methods = .password
    event.showsDetails = true
    return event
  }
}

extension Group: Exemplary {
  public static var example: Group { Group(appid: .example, name: "editors", count: 12) }
}

extension Metric: Exemplary {
  public static var example: Metric {
    Metric(appid: .example, name: .sessionsCreated, period: "2022-06-24", value: 12)
  }
}
