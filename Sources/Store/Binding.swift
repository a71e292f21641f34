package import DashboardCrypto
import DashboardLMDB
package import DashboardRecords

/// What is bound to which keys, by their fingerprints: with others no password would match.
extension Store {
  /// Binds an app to keys of its own, once.
  ///
  /// - Parameter own: `nil`: the app uses the keys of the store.
  package func bind(_ app: AppName, to own: Keys?) throws {
    let isBound = try look { transaction, _ in try self.isBound(app, to: own, in: transaction) }
    if isTrial { return }
    if !isBound, let own {
      try change { transaction, tables in
        // Another process may have been first.
        guard try !self.isBound(app, to: own, in: transaction) else { return }
        try tables.fingerprints.put(Self.keysName(app), Fingerprint(own.fingerprint), in: transaction)
      }
    }
    guard let own else { return }
    ownFingerprints.withLock { known in
      known.removeAll { $0.app == app }
      known.append((app, own.fingerprint))
    }
  }

  /// - Throws: `OpeningError` if the app can't be bound to these keys any more.
  private func isBound(
    _ app: AppName, to own: Keys?, in transaction: borrowing some Transaction & ~Copyable
  ) throws -> Bool {
    let known = try tables.fingerprints.get(Self.keysName(app), in: transaction)
    if known?.bytes == own?.fingerprint { return true }
    let isFollowed = own?.previous.contains { $0.fingerprint == known?.bytes } ?? false
    // An app that has been begun without keys of its own was begun with the store's.
    let isBegun = try tables.apps.get(NameKey(app.description), in: transaction) != nil
    guard own != nil, isFollowed || known == nil && !isBegun else {
      throw OpeningError(
        description:
          "DASHBOARD_ENCRYPTION_KEY or DASHBOARD_SESSION_KEY of the app \(app) is not the one that it was made with"
      )
    }
    return false
  }

  private static func keysName(_ app: AppName) -> NameKey { NameKey("keys of \(app)") }

  /// A process that has been there since before a change of keys does not know the accounts that were moved to the new ones, and
  /// would give their usernames away; or would begin with the store's keys an app that has been given its own.
  ///
  /// - Throws: `Lost`.
  func checkKeys(of app: AppName, in transaction: borrowing WriteTransaction) throws {
    let known = try tables.fingerprints.get(NameKey("keys"), in: transaction)
    let own = ownFingerprints.withLock { own in own.first { $0.app == app }?.fingerprint }
    let knownOwn = try tables.fingerprints.get(Self.keysName(app), in: transaction)
    guard known?.bytes == fingerprint, own == knownOwn?.bytes else {
      throw Lost(description: "the keys have been changed, and this process has those before them")
    }
  }
}
