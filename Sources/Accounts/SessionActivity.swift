package import DashboardRecords
package import DashboardStore
import Synchronization

/// The last use of sessions, for their idle timeouts.
///
/// An event thread must not wait for the disk, so it only notes the use. Another thread stores all noted uses
/// later.
package final class SessionActivity: Sendable {
  private struct Used: Hashable {
    let app: AppName
    let session: SessionID
  }

  /// The last use of each session, not stored yet.
  private let waiting = Mutex<[Used: Timestamp]>([:])

  package init() {}

  /// Notes that a session was used.
  package func note(_ signedIn: SignedIn, at now: Timestamp) {
    guard signedIn.session.needsNote(at: now) else { return }
    let used = Used(app: signedIn.session.appid, session: signedIn.session.sessionid)
    waiting.withLock { $0[used] = now }
  }

  /// Stores the noted uses, in one transaction for each app. Uses that can't be stored stay noted.
  ///
  /// - Throws: the last error, after all apps were tried.
  package func store(in store: Store) throws {
    let uses = waiting.withLock { waiting in
      defer { waiting = [:] }
      return waiting
    }
    var failure: (any Error)?
    for (app, uses) in Dictionary(grouping: uses, by: \.key.app) {
      do {
        try store.write(app) { change in
          for (used, time) in uses {
            guard var session: Session = try change.current.record(used.session),
              time > session.lastUsedAt || session.lastUsedAt.isAhead(of: time)
            else {
              continue
            }
            session.lastUsedAt = time
            try change.update(session)
          }
        }
      } catch {
        failure = error
        // The next call tries again.
        waiting.withLock { waiting in
          for (used, time) in uses { waiting[used] = max(waiting[used] ?? time, time) }
        }
      }
    }
    if let failure { throw failure }
  }
}
