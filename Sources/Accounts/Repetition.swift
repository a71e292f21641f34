package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

// Forms that were sent twice, as by a double click. The second request leads to the result of the first one.

extension Context {
  /// True if something happened less than a minute ago, so that a request can be the same as one before.
  package func isRecent(_ time: Timestamp?) -> Bool { time.map { $0.adding(seconds: 60) > moment } ?? false }

  /// The account of a username, if it knows the client's address (IPv6: the same /64).
  fileprivate func knownAccount(_ caller: Caller, username: Bytes) throws -> Account? {
    let marks = addressMarks(of: caller)
    let hashes = TypedUsername(username, configuration).hashes(secrets)
    return try write { change in
      let now = moment
      guard let account = try change.current.account(usernameHashes: hashes),
        try change.isKnown(marks, of: account, now: now, latest: Attempt.memoryEnd(from: now))
      else { return nil }
      return account
    }
  }
}

extension Context {
  /// True if a password is right. The attempt is taken back unless the account has a second factor, which is not asked for.
  fileprivate mutating func isRight(_ prove: (inout Context) throws -> PasswordProof) throws -> Bool {
    do {
      let proof = try prove(&self)
      try write { change in
        let account = try proof.confirm(change)
        if !account.hasSecondFactor { try proof.forgive(change, of: account, moment) }
      }
      return true
    } catch is CredentialError {
      return false
    }
  }
}

extension Registration {
  /// True if the client has just registered this username: the account is less than a minute old, and was registered from the
  /// client's address.
  ///
  /// It looks at no password. A client that is told so may sign in, by the rule for that.
  package static func isRepeated(_ caller: Caller, _ context: Context, username: Bytes) throws -> Bool {
    context.isRecent(try context.knownAccount(caller, username: username)?.createdAt)
  }
}

extension UsernameRules {
  /// True if the caller's account has this username.
  package static func isRepeated(_ caller: Caller, _ context: Context, username: Bytes) throws -> Bool {
    let own = try caller.requireSignedIn().account.accountid
    let hashes = TypedUsername(username, context.configuration).hashes(context.secrets)
    return try context.read { try $0.account(usernameHashes: hashes)?.accountid == own }
  }
}

extension PasswordRules {
  /// True if the caller's password has just been changed to this one. The attempt counts like any other.
  ///
  /// - Throws: `AttemptError`, `HashingError`.
  package static func isRepeated(_ caller: Caller, _ context: inout Context, new: Bytes) throws -> Bool {
    let signedIn = try caller.requireSignedIn()
    // The caller was read before the first request had its effect.
    guard let account = try context.read({ try $0.account(signedIn.account.accountid) }),
      context.isRecent(account.passwordLastChangedAt)
    else { return false }
    let current = Caller(
      SignedIn(account: account, session: signedIn.session), caller.client, caller.clientSessions)
    return try context.isRight { try $0.proveOwn(current, password: new, isVerification: true) }
  }
}

extension ResetCodeRules {
  /// True if a code has just set this password for the account, and the account knows the client's address. Only then it looks at
  /// the password, and the attempt counts like any other.
  ///
  /// - Throws: `AttemptError`, `HashingError`.
  package static func isRepeated(
    _ caller: Caller, _ context: inout Context, username: Bytes, newPassword: Bytes
  ) throws -> Bool {
    guard
      context.isRecent(try context.knownAccount(caller, username: username)?.resetCodeLastUsedAt)
    else { return false }
    return try context.isRight { try $0.prove(caller, username: username, password: newPassword) }
  }
}

extension SessionRules {
  /// A session that has ended less than a minute ago, with its account as it is; `nil` if there is none. The client must prove that it
  /// held the session, as by the token of a form.
  package static func justEnded(_ id: SessionID, _ context: Context) throws -> SignedIn? {
    try context.read { snapshot in
      guard let signedIn = try snapshot.signedIn(id) else { return nil }
      let session = try snapshot.shown(signedIn.session, at: context.moment)
      guard session.ended, context.isRecent(session.endedAt) else { return nil }
      return SignedIn(account: signedIn.account, session: session)
    }
  }

  /// True if all sessions of an account have just been ended together.
  package static func haveJustEnded(of account: Account, _ context: Context) -> Bool {
    context.isRecent(account.sessionKeyLastResetAt)
  }
}

extension Verification {
  /// True if the caller's session has just been verified, so that there is nothing to prove.
  package static func isRepeated(_ caller: Caller, _ context: Context) throws -> Bool {
    let session = try caller.requireSignedIn().session
    return session.lastVerifiedAt > session.createdAt && context.isRecent(session.lastVerifiedAt)
      && session.isFresh(at: context.moment, context.configuration)
  }

  /// The caller's session if another request has verified it while this one was answered; `nil` if none has.
  package static func repeated(_ caller: Caller, _ context: Context) throws -> Session? {
    try context.read { try $0.verifiedMeanwhile(caller, context)?.session }
  }
}

extension Snapshot {
  /// The caller's session if another request has verified it while this one was answered, as the first of two clicks does. It has used
  /// up what this one brings.
  func verifiedMeanwhile(_ caller: Caller, _ context: Context) throws -> VerifiedSession? {
    let known = try caller.requireSignedIn().session
    guard context.mayRepeat, let session: Session = try record(known.sessionid),
      session.lastVerifiedAt > known.lastVerifiedAt,
      session.isFresh(at: context.moment, context.configuration)
    else { return nil }
    return (session, isNew: false)
  }
}

extension Snapshot {
  /// True if a request before this one, as the first of two clicks, has cancelled the account's deletion with the second factor. Only
  /// then the state of the account is told without one.
  func hasJustCancelledDeletion(_ account: Account, _ context: Context) throws -> Bool {
    guard context.mayRepeat, account.deletedAt == nil, account.suspendedAt == nil else { return false }
    let latest: [AccountEvent] = try records(of: account, limit: 5)
    return latest.contains {
      $0.name == Event.Name.deletionCancelled.rawValue && context.isRecent($0.createdAt)
    }
  }
}

extension Deletion {
  /// True if the account's holder has scheduled its deletion.
  package static func isScheduledByHolder(_ account: Account) -> Bool { account.deletionScheduler == .holder }

  /// True if the account of a username is not going to be deleted. Ask it only for a caller who has proven the password.
  package static func isCancelled(_ context: Context, username: Bytes) throws -> Bool {
    let hashes = TypedUsername(username, context.configuration).hashes(context.secrets)
    return try context.read { try $0.account(usernameHashes: hashes).map { $0.deletedAt == nil } ?? false }
  }
}
