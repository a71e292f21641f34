import DashboardRecords
import DashboardStore
import Synchronization

/// Sessions that were used and whose idle timeout should know. Noted together a moment later, by a thread that may wait
/// for the disk: those that answer what only reads must not.
final class Uses: Sendable {
  private struct Used: Hashable {
    let app: AppName
    let session: SessionID
  }

  /// When each was used last.
  private let waiting = Mutex<[Used: Timestamp]>([:])

  func note(_ asker: Asker, at now: Timestamp) {
    guard asker.session.needsNote(at: now) else { return }
    let used = Used(app: asker.session.appid, session: asker.session.sessionid)
    waiting.withLock { $0[used] = now }
  }

  /// Stores what waits, of each app for itself.
  func store(in store: Store) throws {
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
        // Once more the next time.
        waiting.withLock { waiting in
          for (used, time) in uses { waiting[used] = max(waiting[used] ?? time, time) }
        }
      }
    }
    if let failure { throw failure }
  }
}
