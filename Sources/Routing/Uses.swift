import Accounts
import Store
import Synchronization

/// Sessions that were used and whose idle timeout should know. Noted together a moment later, by a thread that may wait
/// for the disk: those that answer what only reads must not.
final class Uses: Sendable {
  private struct Use {
    let app: AppName
    let session: SessionID
    let time: Timestamp
  }

  private let waiting = Mutex<[Use]>([])

  func note(_ session: Session, at now: Timestamp) {
    guard session.needsNote(at: now) else { return }
    waiting.withLock { $0.append(Use(app: session.appid, session: session.sessionid, time: now)) }
  }

  /// Stores what waits.
  func store(in store: Store) throws {
    let uses = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    for (app, uses) in Dictionary(grouping: uses, by: \.app) {
      try store.write(app) { change in
        for use in uses {
          guard var session: Session = try change.record(use.session), use.time > session.lastUsedAt else {
            continue
          }
          session.lastUsedAt = use.time
          try change.update(session)
        }
      }
    }
  }
}
