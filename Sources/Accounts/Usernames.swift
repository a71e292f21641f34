package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

package enum UsernameError: RuleError {
  case length(ClosedRange<Int>)
  case taken

  package var identifier: String {
    switch self {
    case .length: "username-length"
    case .taken: "username-taken"
    }
  }

  package var allowedLength: ClosedRange<Int>? {
    if case .length(let allowed) = self { allowed } else { nil }
  }
}

/// Rules of usernames.
package enum UsernameRules {
  /// - Throws: `UsernameError.length`.
  package static func checkLength(_ username: Bytes, _ context: Context) throws {
    let allowed = context.configuration.usernameLength
    guard allowed.contains(username.scalarCount) else { throw UsernameError.length(allowed) }
  }

  /// Changes the username of the caller's account. Its other sessions end.
  ///
  /// - Parameter password: returns the account's password. Called after the username was checked. May throw.
  /// - Throws: `UsernameError`, `AttemptError`, `CredentialError`.
  package static func change(
    _ caller: Caller, _ context: inout Context, to username: Bytes, password: () throws -> Bytes
  ) throws -> Account {
    try checkLength(username, context)
    let password = try password()
    try context.countUsername(caller)
    let proof = try context.proveOwn(caller, password: password)
    let session = try caller.requireSignedIn().session
    let hashes = context.secrets.hashes(username)
    let changed = try context.changeOwn(caller, proving: proof) { change, account, now in
      if try change.current.account(usernameHashes: hashes) != nil { throw UsernameError.taken }
      var account = account
      account.usernameHash = hashes[0]
      account.usernameLastChangedAt = now
      try change.endSessions(of: &account, at: now, except: session)
      try change.update(account)
      return account
    }
    context.log(.usernameChanged, changed.accountid)
    return changed
  }
}
