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

/// Choosing a username.
package enum UsernameRules {
  /// - Throws: `UsernameError.length`.
  package static func checkLength(_ username: Bytes, _ context: Context) throws {
    let allowed = context.configuration.usernameLength
    guard allowed.contains(username.scalarCount) else { throw UsernameError.length(allowed) }
  }

  /// Gives the caller's account another username. Its other sessions end.
  ///
  /// - Parameter password: gives the account's password once the username has been checked, or throws.
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
      if try change.account(usernameHashes: hashes) != nil { throw UsernameError.taken }
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
