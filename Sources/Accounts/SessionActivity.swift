package import DashboardRecords
package import DashboardStore
import Synchronization

/// The last use of sessions, for their idle timeouts and for `lastUsedAt`.
///
/// An event thread must not wait for the disk, so it only notes the use. Another thread stores all noted uses
/// later.
package final class SessionActivity: Sendable {
  private struct Used: Hashable {
    let app: AppName
    let session: SessionID
  }

  private struct Use {
    var time: Timestamp
    /// True if the app keeps the details of its sessions.
    let keepsDetails: Bool
  }

  /// Seconds for which uses by processes without a thread that stores them are not told apart.
  private static let accuracyWithoutThread: Int64 = 3600

  /// The last use of each session, not stored yet.
  private let waiting = Mutex<[Used: Use]>([:])
  /// Seconds for which uses are not told apart.
  private let accuracy: Int64

  /// - Parameter isSingleRequest: true if the process answers one request. It stores all noted uses, so it notes
  ///   fewer.
  package init(isSingleRequest: Bool) { accuracy = isSingleRequest ? Self.accuracyWithoutThread : 300 }

  /// Notes that a session was used.
  ///
  /// - Returns: true if a process without a thread that stores uses should store them now.
  @discardableResult package func note(_ signedIn: SignedIn, in app: App, at now: Timestamp) -> Bool {
    // A copy of the session would cost a retain for each of its texts.
    let keepsDetails = app.keepsSessionDetails
    guard signedIn.session.needsNote(at: now, accuracy: keepsDetails ? accuracy : nil) else { return false }
    let used = Used(app: signedIn.session.appid, session: signedIn.session.sessionid)
    waiting.withLock { $0[used] = Use(time: now, keepsDetails: keepsDetails) }
    return signedIn.session.needsNote(at: now, accuracy: keepsDetails ? Self.accuracyWithoutThread : nil)
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
          for (used, use) in uses {
            guard var session: Session = try change.current.record(used.session),
              use.time > session.lastUse || session.lastUse.isAhead(of: use.time)
            else {
              continue
            }
            session.lastUse = use.time
            session.details = use.keepsDetails ? session.details ?? .unknown : nil
            try change.update(session)
          }
        }
      } catch {
        failure = error
        // The next call tries again.
        waiting.withLock { waiting in
          for (used, use) in uses where waiting[used].map({ $0.time < use.time }) ?? true {
            waiting[used] = use
          }
        }
      }
    }
    if let failure { throw failure }
  }
}
