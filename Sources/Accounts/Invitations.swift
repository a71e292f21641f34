package import DashboardRecords
import DashboardStore
package import DashboardWireFormat

package enum InvitationError: String, RuleError {
  case unknown = "invitation-unknown"
}

/// Rules of invitations: an administrator gives the holders of a code the right to register.
package enum InvitationRules {
  package static let allowedUses = 1...1000
  /// Days until an invitation expires.
  package static let allowedDays = 1...90
  package static let usualDays = 7
  /// The length of a note, in Unicode scalars.
  package static let allowedNote = 0...256

  /// Creates an invitation, as an administrator or an operator. An operator's belongs to the owner's account.
  ///
  /// An account has at most MAXIMUM_RECORDS. Beyond it the oldest give way, invitations that have ended first.
  ///
  /// - Returns: the invitation with its code, which is stored only as a hash.
  /// - Throws: `AccessRefusal`; `AccountError.unknown` if an operator's app has no owner.
  package static func create(
    _ caller: Caller, _ context: inout Context, uses: Int, days: Int, groups: [String], note: String
  ) throws -> Invitation {
    let code = context.formCode ?? InvitationCode.new(context.random)
    let (hash, hashes) = (context.secrets.hash(code.utf8), context.secrets.hashes(code.utf8))
    let most = context.configuration.maximumRecords
    let maker = try caller.signedIn?.account.accountid ?? context.read { try $0.owner()?.accountid }
    guard let maker else { throw AccountError.unknown }
    var (invitation, isNew) = try context.changeAny(caller, maker) { change, _, account, now in
      // The same form has made it before.
      for hash in hashes {
        if let made: Invitation = try change.current.record(hash: hash), made.accountid == account.accountid {
          return (made, false)
        }
      }
      let invitation = try change.insert(
        Invitation(
          appid: account.appid, accountid: account.accountid, codeHash: hash, uses: uses,
          expiresAt: now.adding(seconds: Int64(days) * 86_400), groups: groups, note: note, createdAt: now),
        of: account)
      try change.makeRoom(beyond: most, of: account) { (old: Invitation) in old.hasEnded(at: now) }
      try change.keep(.invitationCreated, of: account, by: caller, context, at: now)
      return (invitation, true)
    }
    context.effects.isRepeated = !isNew
    if isNew { context.log(.invitationCreated, invitation.accountid) }
    invitation.code = code
    return invitation
  }

  /// Removes an invitation of any administrator, as an administrator or an operator.
  ///
  /// - Throws: `InvitationError.unknown`.
  package static func delete(_ caller: Caller, _ context: inout Context, _ invitation: Invitation) throws {
    try context.changeAny(caller, invitation.accountid, unknown: InvitationError.unknown) {
      change, _, account, now in
      guard let invitation: Invitation = try change.current.record(invitation.invitationid, of: account)
      else { throw InvitationError.unknown }
      try change.remove(invitation, of: account)
      try change.keep(.invitationDeleted, of: account, by: caller, context, at: now)
    }
    context.log(.invitationDeleted, invitation.accountid)
  }

  /// True if the app has invitations, be they expired or used up.
  package static func exist(_ context: Context) throws -> Bool {
    try context.read { try $0.count(Invitation.self) > 0 }
  }

  /// True if the code of an invitation lets its holders register at the moment.
  package static func counts(_ invitation: Invitation, _ context: Context) throws -> Bool {
    try context.read { try $0.counts(invitation, at: context.now) }
  }

  /// True if a typed code lets its holder register at the moment.
  ///
  /// The attempt is not counted: with 100 bits, a code can't be found by trying.
  package static func counts(_ code: Bytes, _ context: Context) throws -> Bool {
    guard let claim = InvitationClaim(code, context) else { return false }
    return try context.read { try $0.invitation(of: claim, at: context.now) } != nil
  }
}

/// A posted code, before it is checked.
struct InvitationClaim: Sendable {
  /// The hashes of the code by the current and the previous secrets.
  fileprivate let hashes: [[UInt8]]

  /// `nil` if the text can't be a code.
  init?(_ typed: Bytes, _ context: Context) {
    guard let code = InvitationCode.canonical(typed) else { return nil }
    hashes = context.secrets.hashes(code.utf8)
  }
}

extension Snapshot {
  /// The invitation with a code; `nil` if there is none or it does not count.
  func invitation(of claim: InvitationClaim, at now: Timestamp) throws -> Invitation? {
    for hash in claim.hashes {
      guard let invitation: Invitation = try record(hash: hash) else { continue }
      return try counts(invitation, at: now) ? invitation : nil
    }
    return nil
  }

  /// Its maker must be an administrator, must not be suspended or scheduled for deletion, and must not have lost the
  /// role or all sessions since (`Account.oldestCode`).
  func counts(_ invitation: Invitation, at now: Timestamp) throws -> Bool {
    guard !invitation.hasEnded(at: now), let maker = try account(invitation.accountid) else { return false }
    return maker.actsForOthers && invitation.sequence >= maker.oldestCode
  }
}

extension Change {
  /// Takes one use of an invitation for a new account, which gets its groups.
  func use(_ invitation: Invitation, for account: inout Account, at now: Timestamp) throws {
    var invitation = invitation
    invitation.used += 1
    invitation.updatedAt = now
    try update(invitation)
    account.changeMembership { $0.groups = invitation.groups }
  }
}
