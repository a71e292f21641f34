package import DashboardRecords
import DashboardStore

/// Rules of new devices, which an account's holder is told of until the holder takes note.
///
/// A thief who signs in with the password must not be able to take the notice away at once. So the session must have begun
/// before that sign-in, or have proven the password once more.
package enum NewDevices {
  /// The sign-ins of a new browser and system that the holder of an account has not taken note of, newest first. One that repeats
  /// itself keeps its place.
  package static func unnoticed(_ context: Context, of account: Account) throws -> [AccountEvent] {
    try context.read { snapshot in
      try snapshot.events(of: account).filter(\.isUnnoticed).sorted { $1.began(before: $0) }.map {
        $0.seen(asAdministrator: false, in: context.app)
      }
    }
  }

  /// True if the caller may take note of an event as it is.
  package static func mayTakeNote(_ caller: Caller, _ context: Context, of event: AccountEvent) -> Bool {
    guard let session = caller.signedIn?.session else { return false }
    return session.mayTakeNote(of: event, at: context.now, context)
  }

  /// Takes note of the new devices of the caller's account.
  ///
  /// - Parameter id: the newest event that the caller has seen. Later ones stay.
  /// - Throws: `EventError.unknown`; `VerificationError.sessionNotFresh` if the session has neither begun before nor been
  ///   verified.
  package static func takeNote(_ caller: Caller, _ context: Context, upTo id: EventID) throws {
    let session = try caller.requireSignedIn().session.sessionid
    try context.changeOwn(caller) { change, account, now in
      guard let session: Session = try change.current.record(session),
        let last: AccountEvent = try change.current.record(id, of: account)
      else { throw EventError.unknown }
      for var event in try change.current.events(of: account)
      where event.isUnnoticed && !last.began(before: event) {
        guard session.mayTakeNote(of: event, at: now, context) else {
          throw VerificationError.sessionNotFresh
        }
        event.isUnnoticed = false
        try change.update(event)
      }
    }
  }
}

extension AccountEvent {
  /// True if it happened before another one, each for the first time.
  fileprivate func began(before other: AccountEvent) -> Bool {
    (createdAt, sequence) < (other.createdAt, other.sequence)
  }
}

extension Session {
  fileprivate func mayTakeNote(of event: AccountEvent, at now: Timestamp, _ context: Context) -> Bool {
    // The session of the sign-in itself has the same time.
    createdAt < event.createdAt
      || lastVerifiedAt > createdAt && isFresh(at: now, context.configuration)
  }
}
