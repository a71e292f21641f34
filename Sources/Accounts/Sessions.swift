package import DashboardRecords
package import DashboardStore

package enum SessionError: String, RuleError {
  case unknown = "session-unknown"
  case alreadyEnded = "session-already-ended"
  /// The session belongs to the owner's account, and the actor is not the owner.
  case protected = "session-protected"
}

/// Rules of existing sessions: how they are shown and ended.
package enum SessionRules {
  /// Ends a session of the caller's account.
  ///
  /// - Throws: `SessionError.alreadyEnded`, also if the account has no such session.
  package static func end(_ caller: Caller, _ context: inout Context, _ id: SessionID) throws -> Session {
    let (ended, others) = try context.changeOwn(caller) { change, account, now in
      (
        try end(id, of: account, by: caller, context, change, now),
        try signOutOthers(of: caller, context, signingOutOf: id, change, now)
      )
    }
    return finishEnding(ended, others, caller, &context)
  }

  /// Ends a session of any account, as an administrator or an operator.
  ///
  /// - Throws: `SessionError`.
  package static func end(_ caller: Caller, _ context: inout Context, any session: Session) throws -> Session
  {
    let id = session.sessionid
    let (ended, others) = try context.changeAny(caller, session.accountid, unknown: SessionError.unknown) {
      change, actor, account, now in
      try AdministratorAction.endSession.check(actor, account, now: now)
      return (
        try end(id, of: account, by: caller, context, change, now),
        try signOutOthers(of: caller, context, signingOutOf: id, change, now)
      )
    }
    return finishEnding(ended, others, caller, &context)
  }

  /// Resets the session key of the caller's account. All of its sessions end, and its reset codes become
  /// invalid.
  package static func endAll(_ caller: Caller, _ context: inout Context) throws -> Account {
    let key = Account.newSessionSalt(context.random)
    let (account, others) = try context.changeOwn(caller) { change, account, now in
      (
        try resetKey(of: account, by: caller, context, key, change, now),
        try change.endClientSessions(of: caller, context, at: now)
      )
    }
    context.log(.sessionKeyReset, account.accountid)
    for other in others { context.log(.sessionEnded, other) }
    context.effects.session = .ended
    return account
  }

  /// Resets the session key of any account, as an administrator or an operator.
  ///
  /// - Throws: `AccountError`.
  package static func endAll(_ caller: Caller, _ context: inout Context, of id: AccountID) throws -> Account {
    let key = Account.newSessionSalt(context.random)
    let account = try context.changeAny(caller, id) { change, actor, account, now in
      try AdministratorAction.resetSessionKey.check(actor, account, now: now)
      return try resetKey(of: account, by: caller, context, key, change, now)
    }
    context.log(.sessionKeyReset, id)
    try context.clearCookies(of: caller, ifHolderOf: id)
    return account
  }

  /// Ends all sessions of the caller's account but the caller's own.
  package static func endOthers(_ caller: Caller, _ context: inout Context) throws {
    let account = try context.changeOwn(caller) { change, account, now in
      var account = account
      try change.endSessions(of: &account, at: now, except: caller.signedIn?.session)
      try change.update(account)
      try change.keep(.otherSessionsEnded, of: account, by: caller, context, at: now)
      return account
    }
    context.log(.otherSessionsEnded, account.accountid)
  }

  /// The session as the API shows it now. For a session of the caller's account it needs no read.
  package static func shown(_ session: consuming Session, _ caller: Caller, _ context: Context) throws
    -> Session
  {
    if let own = caller.signedIn?.account, session.accountid == own.accountid,
      session.epoch == own.sessionEpoch
    {
      return session.seen(at: context.now, account: own, epochEnd: nil).seen(by: caller, in: context.app)
    }
    let other = session
    return try context.read { try $0.shown(other, at: context.now) }.seen(by: caller, in: context.app)
  }

  /// Ends the other sessions of the caller's client if `id` is the caller's session: signing out leaves none.
  private static func signOutOthers(
    of caller: Caller, _ context: Context, signingOutOf id: SessionID, _ change: borrowing Change,
    _ now: Timestamp
  ) throws -> [AccountID] {
    id == caller.signedIn?.session.sessionid ? try change.endClientSessions(of: caller, context, at: now) : []
  }

  private static func finishEnding(
    _ ended: Session, _ others: [AccountID], _ caller: Caller, _ context: inout Context
  ) -> Session {
    for account in [ended.accountid] + others { context.log(.sessionEnded, account) }
    if ended.sessionid == caller.signedIn?.session.sessionid { context.effects.session = .ended }
    return ended.seen(by: caller, in: context.app)
  }

  private static func end(
    _ id: SessionID, of account: Account, by caller: Caller, _ context: Context, _ change: borrowing Change,
    _ now: Timestamp
  ) throws -> Session {
    guard var session: Session = try change.current.record(id, of: account),
      !session.hasEnded(at: now, account: account)
    else {
      throw SessionError.alreadyEnded
    }
    session.endedAt = now
    session.updatedAt = now
    try change.update(session)
    try change.keep(.sessionEnded, of: account, by: caller, context, at: now)
    return try change.current.shown(session, at: now)
  }

  /// Ends everything that a thief could create with a stolen session: sessions and reset codes.
  private static func resetKey(
    of account: Account, by caller: Caller, _ context: Context, _ key: [UInt8], _ change: borrowing Change,
    _ now: Timestamp
  ) throws -> Account {
    var account = account
    account.sessionSalt = key
    account.sessionKeyNumber &+= 1
    account.sessionKeyLastResetAt = now
    account.oldestCode = try change.nextPlace()
    try change.endSessions(of: &account, at: now)
    try change.update(account)
    try change.keep(.sessionKeyReset, of: account, by: caller, context, at: now)
    return account
  }
}

extension Change {
  /// Ends the live sessions that the caller's client holds.
  ///
  /// - Returns: the account of each.
  func endClientSessions(of caller: Caller, _ context: Context, at now: Timestamp) throws -> [AccountID] {
    try caller.clientSessions.compactMap { held in
      guard let latest = try current.signedIn(held.session.sessionid), latest.isAlive(at: now) else {
        return nil
      }
      var session = latest.session
      session.endedAt = now
      session.updatedAt = now
      try update(session)
      try keep(.sessionEnded, of: latest.account, by: caller.asClient, context, at: now)
      return session.accountid
    }
  }
}

extension Session {
  /// The session as a caller may see it: only its own account sees the token of its forms.
  package consuming func seen(by caller: Caller, in app: App) -> Session {
    let signedIn = caller.signedIn
    if signedIn?.account.accountid != accountid { csrfToken = [] }
    isCurrent = signedIn?.session.sessionid == sessionid
    showsDetails = app.keepsSessionDetails
    return self
  }
}

extension Context {
  /// Signs the caller's client out if all sessions of the account have ended and the account is the caller's.
  mutating func clearCookies(of caller: Caller, ifHolderOf account: AccountID) throws {
    guard caller.signedIn?.account.accountid == account else { return }
    effects.session = .ended
    if caller.clientSessions.isEmpty { return }
    let others = try write { try $0.endClientSessions(of: caller, self, at: moment) }
    for other in others { log(.sessionEnded, other) }
  }
}

extension Snapshot {
  /// The session as the API shows it at a moment.
  package func shown(_ session: Session, at now: Timestamp) throws -> Session {
    guard let account = try account(session.accountid) else { return session }
    let end = session.epoch == account.sessionEpoch ? nil : try epochEnd(session.epoch, of: account)
    return session.seen(at: now, account: account, epochEnd: end)
  }
}
