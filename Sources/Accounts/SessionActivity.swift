package import DashboardRecords
package import DashboardStore
import Synchronization

/// Sessions that were used, for their idle timeouts. A thread that may wait for the disk stores them together a moment later, since
/// an event thread must not wait.
package final class SessionActivity: Sendable {
  private struct Used: Hashable {
    let app: AppName
    let session: SessionID
  }

  /// When each session was last used.
  private let waiting = Mutex<[Used: Timestamp]>([:])

  package init() {}

  package func note(_ signedIn: SignedIn, at now: Timestamp) {
    guard signedIn.session.needsNote(at: now) else { return }
    let used = Used(app: signedIn.session.appid, session: signedIn.session.sessionid)
    waiting.withLock { $0[used] = now }
  }

  /// Stores what waits, in one transaction for each app.
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
            guard var session: Session = try change.record(used.session), time > session.lastUsedAt else {
              continue
            }
            session.lastUsedAt = time
            try change.update(session)
          }
        }
      } catch {
        failure = error
        // Tried again the next time.
        waiting.withLock { waiting in
          for (used, time) in uses { waiting[used] = max(waiting[used] ?? time, time) }
        }
      }
    }
    if let failure { throw failure }
  }
}
