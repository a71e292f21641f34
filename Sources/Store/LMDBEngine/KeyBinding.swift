import DashboardCrypto
import DashboardLMDB
import DashboardRecords

/// Fingerprints of the secrets with which the store and its apps were created. With other secrets no password
/// would match.
extension DataFileEngine {
  static let keysName = NameKey("keys")

  func bind(_ app: AppName, to own: Secrets?) throws {
    let isBound = try inspect { transaction, _ in try self.isBound(app, to: own, in: transaction) }
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

  /// True if the app is bound to these secrets.
  ///
  /// - Throws: `Store.OpeningError` if it can't be bound to them.
  private func isBound(
    _ app: AppName, to own: Secrets?, in transaction: borrowing some Transaction & ~Copyable
  ) throws -> Bool {
    let known = try tables.fingerprints.get(Self.keysName(app), in: transaction)
    if known?.bytes == own.map({ fingerprints.stored($0.fingerprint) }) { return true }
    let isFollowed = own?.previous.contains { fingerprints.stored($0.fingerprint) == known?.bytes } ?? false
    // A program of schema 5 that still runs after the migration binds a new app in its own form.
    let isOfOldProgram =
      known != nil && own.map { FingerprintForm.plain.stored($0.fingerprint) } == known?.bytes
    // An app with data but without a fingerprint uses the secrets of the store.
    let isBegun = try tables.apps.get(NameKey(app.description), in: transaction) != nil
    guard own != nil, isFollowed || isOfOldProgram || known == nil && !isBegun else {
      throw Store.OpeningError(
        description:
          "DASHBOARD_ENCRYPTION_KEY or DASHBOARD_SESSION_KEY of the app \(app) is not the key of its data"
      )
    }
    return false
  }

  private static func keysName(_ app: AppName) -> NameKey { NameKey("keys of \(app)") }

  /// Stops a process that was started before a change of secrets.
  ///
  /// Such a process does not find usernames that were rehashed with the new secrets, and would let other
  /// callers register them. It would also create data of an app with the store's secrets although the app now
  /// has its own.
  ///
  /// - Throws: `Store.Lost`.
  func checkKeys(of app: AppName, in transaction: borrowing WriteTransaction) throws {
    let known = try tables.fingerprints.get(Self.keysName, in: transaction)
    let own = ownFingerprints.withLock { own in own.first { $0.app == app }?.fingerprint }
    let knownOwn = try tables.fingerprints.get(Self.keysName(app), in: transaction)
    guard known?.bytes == fingerprints.stored(fingerprint), own.map(fingerprints.stored) == knownOwn?.bytes
    else {
      throw Store.Lost(description: "the keys have been changed, and this process has the old ones")
    }
  }
}
