package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

/// Why a second factor does not pass, or cannot be changed.
package enum FactorError: RuleError {
  /// The password or the reset code was right, and the account has a second factor.
  case required([FactorKind])
  /// The text has the form of no code.
  case malformed
  /// The text is not six digits, where only those of an authenticator app will do.
  case notDigits
  case wrong
  /// The sign-in no longer waits for a second factor.
  case expired
  /// No authenticator app waits for its first code.
  case notProposed
  case noAuthenticator
  /// The account has no second factor.
  case notEnrolled
  /// The account must have a second factor (SECOND_FACTOR).
  case lastOne

  package var identifier: String {
    switch self {
    case .required: "second-factor-required"
    case .malformed: "second-factor-malformed"
    case .notDigits: "second-factor-not-digits"
    case .wrong: "second-factor-wrong"
    case .expired: "second-factor-expired"
    case .notProposed: "authenticator-app-not-proposed"
    case .noAuthenticator: "authenticator-app-missing"
    case .notEnrolled: "second-factor-not-enrolled"
    case .lastOne: "second-factor-last"
    }
  }

  package var factors: [FactorKind] { if case .required(let kinds) = self { kinds } else { [] } }
}

/// What a client gives as a second factor.
package enum FactorClaim: Sendable {
  case code(TypedFactorCode)
  case passkey(PasskeyAnswer)

  /// - Throws: `FactorError.malformed`.
  package init(code: Bytes) throws(FactorError) {
    guard let code = TypedFactorCode(code) else { throw .malformed }
    self = .code(code)
  }

  /// The event of a wrong one.
  var wrong: Event.Name {
    switch self {
    case .code: .factorWrong
    case .passkey: .passkeyRefused
    }
  }
}

/// Why a transaction goes no further. A value and not an error, because what it counted must be committed.
enum FactorRefusal {
  case owed([FactorKind])
  case wrong(Event.Name)
  case tooMany(TooManyAttempts)
}

/// The result of a transaction that needs a second factor.
enum Passage<Result> {
  case passed(Result)
  case refused(FactorRefusal)
  /// Everything was right, but the state of the account forbids it. What was used up stays so.
  case denied(any RuleError)
}

extension Change {
  /// Checks the second factor of an account whose password or reset code was right, counts it, and uses it up.
  ///
  /// - Parameters:
  ///   - account: changed and stored if a code was used up.
  ///   - first: what was proven before.
  ///   - counter: `ofSessions` if the caller's session is alive.
  /// - Returns: what was proven in all.
  func pass(
    _ claim: FactorClaim?, of account: inout Account, after first: AuthenticationMethods,
    by caller: Caller, countedAs counter: FactorCounter = .ofGuests, _ context: Context, at now: Timestamp
  ) throws -> Passage<AuthenticationMethods> {
    guard let factors = account.factors, factors.areEnrolled else { return .passed(first) }
    guard let claim else { return .refused(.owed(factors.kinds)) }
    let isCounted = !caller.client.isTrusted
    if isCounted, let refusal = try context.countFactor(counter, of: account, self, now) {
      try context.keep(refusal, of: account.accountid, by: caller, self, now)
      return .refused(.tooMany(refusal))
    }
    guard let used = try use(claim, of: account, factors, context, now) else {
      try keep(claim.wrong, of: account, by: caller.asClient, context, at: now)
      return .refused(.wrong(claim.wrong))
    }
    if isCounted { try context.forgiveFactor(counter, of: account, self, now) }
    account.changeFactors { $0 = used.factors }
    try update(account)
    if used.method == .recoveryCode {
      try keep(.recoveryCodeUsed, of: account, by: caller.asClient, context, at: now)
    }
    return .passed(first.union(used.method))
  }

  /// - Returns: the factors after the use, and which kind it was; `nil` if the claim is wrong.
  private func use(
    _ claim: FactorClaim, of account: Account, _ factors: Factors, _ context: Context, _ now: Timestamp
  ) throws -> (factors: Factors, method: AuthenticationMethods)? {
    var factors = factors
    switch claim {
    case .code(.authenticator(let code)):
      guard let authenticator = factors.authenticator,
        let used = context.app.use(
          code: code, of: authenticator, account.accountid, at: now, context.random)
      else { return nil }
      factors.authenticator = used
      return (factors, .totp)
    case .code(.recovery(let code)):
      return factors.use(recoveryCode: code, of: account.accountid) ? (factors, .recoveryCode) : nil
    case .passkey(let answer):
      return try use(answer, for: .secondFactor, of: account, context, at: now).map { _ in (factors, .passkey)
      }
    }
  }
}

extension Context {
  /// Changes the account whose password was proven, once its second factor is right too.
  ///
  /// - Parameters:
  ///   - own: the caller if its session must still be alive; `nil` for a client that proves the account.
  ///   - isOwed: runs if the account has a second factor and the claim is missing. It may store the account.
  ///   - done: the result of a request before, if this one may repeat it. It runs before the second factor is asked for, since the first
  ///     request has used that up.
  ///   - body: gets the account as it is in the transaction, and what was proven. It refuses before it changes anything.
  /// - Throws: the proof's error if username or password have changed; `FactorError`, `AttemptError.tooManyFactors`.
  mutating func write<Result>(
    proving proof: PasswordProof, and claim: FactorClaim?, own: Caller? = nil,
    isOwed: (borrowing Change, Account, Timestamp) throws -> Void = { _, _, _ in },
    done: (borrowing Change, Account, Timestamp) throws -> Result? = { _, _, _ in nil },
    _ body: (borrowing Change, Account, AuthenticationMethods, Timestamp) throws -> Result
  ) throws -> Result {
    var proven: AuthenticationMethods = []
    let passage: Passage<Result> = try forgivingAttempt(of: proof) {
      try write { change in
        let now = moment
        if let own { _ = try current(own, change, now) }
        var account = try proof.confirm(change)
        if let done = try done(change, account, now) {
          try proof.forgive(change, of: account, now)
          return .passed(done)
        }
        switch try change.pass(
          claim, of: &account, after: .password, by: proof.caller,
          countedAs: own == nil ? .ofGuests : .ofSessions, self, at: now)
        {
        case .passed(let methods):
          try proof.forgive(change, of: account, now)
          proven = methods
          do {
            return .passed(try body(change, account, methods, now))
          } catch let error as any RuleError {
            try change.keep(.proven, of: account, by: proof.caller.asClient, self, at: now)
            return .denied(error)
          }
        case .refused(let refusal):
          if case .owed = refusal { try isOwed(change, account, now) }
          if case .wrong = refusal, own == nil {
            account.changeFactors { $0.wrongCodeAt = now }
            try change.update(account)
          }
          return .refused(refusal)
        case .denied(let error): return .denied(error)
        }
      }
    }
    return try result(of: passage, proof.account.accountid, proven)
  }

  /// The result of a transaction that was committed.
  ///
  /// - Parameter methods: what was proven in it.
  /// - Throws: `FactorError.required`, `.wrong`, `AttemptError.tooManyFactors`.
  mutating func result<Result>(
    of passage: Passage<Result>, _ account: AccountID, _ methods: AuthenticationMethods
  ) throws -> Result {
    // Methods are proven only by what was passed, or denied afterwards.
    if methods.contains(.recoveryCode) { log(.recoveryCodeUsed, account) }
    switch passage {
    case .passed(let result): return result
    case .denied(let error): throw error
    case .refused(.owed(let kinds)): throw FactorError.required(kinds)
    case .refused(.wrong(let event)):
      log(event, account)
      throw event == .passkeyRefused ? PasskeyError.refused : FactorError.wrong as any RuleError
    case .refused(.tooMany(let refusal)):
      throw AttemptError.tooManyFactors(retryAfter: refuse(refusal, account))
    }
  }
}
