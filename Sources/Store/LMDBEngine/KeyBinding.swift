import DashboardCrypto
import DashboardLMDB
import DashboardRecords

/// Which keys the store and its apps were made with, by fingerprint: with other keys no password would match.
extension DataFileEngine {
  static let keysName = NameKey("keys")

  func bind(_ app: AppName, to own: Secrets?) throws {
    let isBound = try look { transaction, _ in try self.isBound(app, to: own, in: transaction) }
    if isTrial { return }
    if !isBound, let own {
      try change { transaction, tables in
        // Another process may have been first.
        guard try !self.isBound(app, to: own, in: transaction) else { return }
        try tables.fingerprints.put(
          Self.keysName(app), Fingerprint(fingerprints.stored(own.fingerprint)), in: transaction)
      }
    }
    guard let own else { return }
    ownFingerprints.withLock { known in
      known.removeAll { $0.app == app }
      known.append((app, own.fingerprint))
    }
  }

  /// - Throws: `Store.OpeningError` if the app can't be bound to these keys any more.
  private func isBound(
    _ app: AppName, to own: Secrets?, in transaction: borrowing some Transaction & ~Copyable
  ) throws -> Bool {
    let known = try tables.fingerprints.get(Self.keysName(app), in: transaction)
    if known?.bytes == own.map({ fingerprints.stored($0.fingerprint) }) { return true }
    let isFollowed = own?.previous.contains { fingerprints.stored($0.fingerprint) == known?.bytes } ?? false
    // An app that was begun without keys of its own was begun with the store's.
    let isBegun = try tables.apps.get(NameKey(app.description), in: transaction) != nil
    guard own != nil, isFollowed || known == nil && !isBegun else {
      throw Store.OpeningError(
        description:
          "DASHBOARD_ENCRYPTION_KEY or DASHBOARD_SESSION_KEY of the app \(app) is not the one that it was made with"
      )
    }
    return false
  }

  private static func keysName(_ app: AppName) -> NameKey { NameKey("keys of \(app)") }

  /// Stops a process that was started before a change of keys. It does not know the accounts that were moved to the new keys and would
  /// give their usernames away, or would begin an app with the store's keys that has got its own.
  ///
  /// - Throws: `Store.Lost`.
  func checkKeys(of app: AppName, in transaction: borrowing WriteTransaction) throws {
    let known = try tables.fingerprints.get(Self.keysName, in: transaction)
    let own = ownFingerprints.withLock { own in own.first { $0.app == app }?.fingerprint }
    let knownOwn = try tables.fingerprints.get(Self.keysName(app), in: transaction)
    guard known?.bytes == fingerprints.stored(fingerprint), own.map(fingerprints.stored) == knownOwn?.bytes
    else {
      throw Store.Lost(description: "the keys have been changed, and this process has those before them")
    }
  }
}
