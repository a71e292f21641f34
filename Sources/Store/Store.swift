package import DashboardCrypto
package import DashboardRecords

/// Where a store keeps its data.
package enum Storage: Sendable {
  /// A data file in a directory, which the processes of one machine share.
  ///
  /// - Parameter maximumSize: the bytes to which the file can grow. Use the same in all processes.
  case dataFile(directory: String, maximumSize: Int)

  /// The names of the files that hold the data, in its directory.
  package static let fileNames = [DataFileEngine.dataFileName]
}

/// Accounts, sessions and what else belongs to accounts, on disk. One use case is one transaction.
///
/// Safe to share between threads; several processes may open one data directory. The engine beneath it keeps tables, indexes and counts,
/// and no code outside of the engine knows them.
package final class Store: Sendable {
  private let engine: Engine

  enum Engine: Sendable {
    case dataFile(DataFileEngine)
  }

  /// Why a store can't be opened.
  package struct OpeningError: Error, CustomStringConvertible {
    package let description: String
    /// True if a later try may succeed: the data is being migrated.
    package var isTemporary = false
  }

  /// Disk or data file are full, or the disk fails. Nothing was changed, and a later try may succeed.
  package struct Unavailable: Error, CustomStringConvertible {
    package let description: String
  }

  /// This process can't use the data any more and must be started anew. The data is intact.
  package struct Lost: Error, CustomStringConvertible {
    package let description: String
  }

  package struct Options: Sendable {
    /// The number of attempt counters, and of addresses from which accounts signed in, that are kept: about 100 MB each.
    package var mostCounters = 1_000_000
    /// True to try keys without taking them over. The data must have been begun.
    package var isTrial = false
    /// The pieces of a migration that are done at most before opening fails as temporary; each takes up to 100 ms.
    package var migrationPieces = Int.max
    /// Where identifiers come from.
    package var random: any RandomSource = SystemRandom()
    package var kinds = OwnedKind.all

    package init() {}
  }

  /// Opens the data, and begins it if there is none. Migrates data that an older program wrote.
  ///
  /// - Parameter keys: must be the keys with which the data was made, or name them as their previous keys.
  package init(_ storage: Storage, secrets: Secrets, options: Options = Options()) throws(OpeningError) {
    switch storage {
    case .dataFile(let directory, let maximumSize):
      engine = .dataFile(
        try DataFileEngine(directory: directory, maximumSize: maximumSize, secrets: secrets, options: options)
      )
    }
  }

  /// For tests of the engine.
  init(_ engine: Engine) { self.engine = engine }

  /// True if reading may wait for a disk or a network, and must not be done on an event thread.
  package var readsMayWait: Bool {
    switch engine {
    case .dataFile: false
    }
  }

  /// Reads as of one moment.
  ///
  /// - Parameter body: must be short and keep nothing of the snapshot: while it runs, replaced pages are kept.
  package func read<Result>(_ app: AppName, _ body: (borrowing Snapshot) throws -> Result) throws -> Result {
    switch engine {
    case .dataFile(let engine): try engine.read(app) { try body(Snapshot(.dataFile($0))) }
    }
  }

  /// A session and its account, as of one moment: the first thing that every request of a signed-in caller reads.
  package func session(_ id: SessionID, of app: AppName) throws -> SignedIn? {
    switch engine {
    case .dataFile(let engine): try engine.session(id, of: app)
    }
  }

  /// Changes an app, durably: when this returns, the change survives a crash of the machine. An error undoes all of it.
  ///
  /// - Parameters:
  ///   - isMetered: whether the app counts metrics.
  ///   - body: runs inside the one transaction that writes, so it must check again what was read before it, and must not wait. It has no
  ///     effect but on the change: it may run once more, and on another thread.
  package func write<Result>(
    _ app: AppName, isMetered: Bool = false, _ body: (borrowing Change) throws -> Result
  ) throws -> Result {
    switch engine {
    case .dataFile(let engine): try engine.write(app, isMetered: isMetered, body)
    }
  }

  /// Binds an app to keys of its own, once.
  ///
  /// - Parameter keys: `nil` if the app uses the keys of the store.
  /// - Throws: `OpeningError` if the app was begun with other keys.
  package func bind(_ app: AppName, to secrets: Secrets?) throws {
    switch engine {
    case .dataFile(let engine): try engine.bind(app, to: secrets)
    }
  }

  // MARK: Care

  /// What one piece of the sweep did.
  package struct SweptPiece {
    /// True if there may be more to do.
    package let isMoreToDo: Bool
    /// The accounts that were removed.
    package let removed: [Account]
  }

  /// Removes a piece of what is due: accounts whose deletion is due, what belonged to removed accounts, and owned records that are due. It
  /// can be interrupted anywhere and goes on where it was.
  ///
  /// - Parameters:
  ///   - retention: seconds that sessions stay after they expire.
  ///   - isMetered: whether an app counts its deletions.
  package func sweep(
    now: Timestamp, retention: Int64, isMetered: (AppName) -> Bool = { _ in true }
  ) throws -> SweptPiece {
    switch engine {
    case .dataFile(let engine): try engine.sweep(now: now, retention: retention, isMetered: isMetered)
    }
  }

  /// Removes records of accounts that are gone.
  ///
  /// - Parameter pieces: the most pieces; each delays other writers for a moment.
  package func removeRemains(pieces: Int = .max) throws {
    switch engine {
    case .dataFile(let engine): try engine.removeRemains(pieces: pieces)
    }
  }

  /// Checks all indexes and counts against the records, as of one moment.
  ///
  /// - Returns: a sentence for each fault; empty if the data is sound.
  package func problems() throws -> [String] {
    switch engine {
    case .dataFile(let engine): try engine.problems()
    }
  }

  /// The number of attempt counters.
  package func attemptCount() throws -> Int {
    switch engine {
    case .dataFile(let engine): try engine.attemptCount()
    }
  }

  /// Copies data into a directory that has none, as of one moment and while other processes use it. The copy has no free space.
  package static func copy(_ storage: Storage, to directory: String) throws(OpeningError) {
    switch storage {
    case .dataFile(let source, let maximumSize):
      try DataFileEngine.copy(source, to: directory, maximumSize: maximumSize)
    }
  }
}
