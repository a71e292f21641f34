package import DashboardCrypto
package import DashboardRecords

/// Where a store keeps its data.
package enum Storage: Sendable {
  /// A data file in a directory. Processes of one machine can share it.
  ///
  /// - Parameter maximumSize: in bytes. If another process has a larger value, it holds for this one once the data needs it.
  case dataFile(directory: String, maximumSize: Int)

  /// The name of the data file in its directory.
  package static let fileName = DataFileEngine.dataFileName
}

/// Accounts and their records on disk. One use case is one transaction.
///
/// Safe to share between threads, and several processes may open one data directory. Only the engine knows
/// tables, indexes and counts.
package final class Store: Sendable {
  let engine: Engine

  enum Engine: Sendable {
    case dataFile(DataFileEngine)
  }

  package typealias OpeningError = StoreOpeningError
  package typealias Unavailable = StoreUnavailable
  package typealias Lost = StoreLost

  package struct Options: Sendable {
    /// The maximum number of attempt counters. The same limit applies to remembered addresses.
    package var mostCounters = 1_000_000
    /// True to check the secrets without storing them. The data must exist.
    package var isTrial = false
    /// False if there must be data already. A missing, empty or unused data file is then an error.
    package var mayBegin = true
    /// The maximum number of migration pieces, each up to 100 ms. Beyond it, opening fails with a temporary
    /// error.
    package var migrationPieces = Int.max
    /// The source of identifiers.
    package var random: any RandomSource = SystemRandom()
    /// Gets a sentence for the operator when the data directory was removed or replaced, and when it is back.
    package var warn: @Sendable (String) -> Void = { _ in }
    /// The kinds of owned records. A test can add its own.
    package var kinds = OwnedKind.all

    package init() {}
  }

  /// Opens the data. Creates it if there is none, and migrates data of an older program.
  ///
  /// - Parameter secrets: the secrets with which the data was created, or secrets that have these as
  ///   `previous`.
  package init(_ storage: Storage, secrets: Secrets, options: Options = Options()) throws(OpeningError) {
    switch storage {
    case .dataFile(let directory, let maximumSize):
      engine = .dataFile(
        try DataFileEngine(directory: directory, maximumSize: maximumSize, secrets: secrets, options: options)
      )
    }
  }

  /// For tests of an engine.
  init(_ engine: Engine) { self.engine = engine }

  /// True if a read may wait for a disk or a network. An event thread must then not read.
  package var readsMayWait: Bool {
    switch engine {
    case .dataFile: false
    }
  }

  /// Reads as of one moment.
  ///
  /// - Parameter body: must be short, because replaced pages can't be reused while it runs.
  package func read<Result>(_ app: AppName, _ body: (borrowing Snapshot) throws -> Result) throws -> Result {
    switch engine {
    case .dataFile(let engine): try engine.read(app) { try body(Snapshot(.dataFile($0))) }
    }
  }

  /// A session and its account, as of one moment; `nil` if one of them does not exist.
  ///
  /// Every request of a signed-in caller needs it, so it does without a `Snapshot`.
  package func session(_ id: SessionID, of app: AppName) throws -> SignedIn? {
    switch engine {
    case .dataFile(let engine): try engine.session(id, of: app)
    }
  }

  /// Changes an app. When this returns, the change survives a crash of the machine. An error undoes
  /// all of it.
  ///
  /// - Parameters:
  ///   - isMetered: true if the app counts metrics.
  ///   - body: runs in the only write transaction. It must check again what was read before it, and it must not block.
  ///     It may run more than once and on another thread, so its only effect must be on the change.
  package func write<Result>(
    _ app: AppName, isMetered: Bool = false, _ body: (borrowing Change) throws -> Result
  ) throws -> Result {
    switch engine {
    case .dataFile(let engine): try engine.write(app, isMetered: isMetered, body)
    }
  }

  /// Binds an app to its own secrets.
  ///
  /// - Parameter secrets: `nil` if the app uses the secrets of the store.
  /// - Throws: `OpeningError` if the app's data was created with other secrets.
  package func bind(_ app: AppName, to secrets: Secrets?) throws {
    switch engine {
    case .dataFile(let engine): try engine.bind(app, to: secrets)
    }
  }

  // MARK: Maintenance

  /// What one piece of the sweep did.
  package struct SweptPiece {
    /// True if more records may be due.
    package let isMoreToDo: Bool
    /// The number of records and other entries that were removed.
    package let count: Int
    /// The accounts that were removed.
    package let removed: [Account]
    /// The accounts that were due and are kept. They are no longer scheduled for deletion.
    package let kept: [Account]
  }

  /// Removes some of what is due: accounts, records of removed accounts, owned records, counters and usernames.
  ///
  /// It can be interrupted anywhere. The next call continues.
  ///
  /// - Parameters:
  ///   - retention: seconds for which records of a retained kind (`OwnedKind.isRetained`) stay after they are
  ///     due.
  ///   - isMetered: true if the app counts metrics.
  ///   - keepsUsernames: false if the usernames of an app's accounts are due.
  ///   - isKept: true if a due account must not be removed, by the account and the number of its app's accounts.
  ///   - isTrial: true to undo the removal.
  package func sweep(
    now: Timestamp, retention: Int64, isMetered: (AppName) -> Bool = { _ in true },
    keepsUsernames: (AppName) -> Bool = { _ in true },
    isKept: (Account, _ count: Int) -> Bool = { _, _ in false }, isTrial: Bool = false
  ) throws -> SweptPiece {
    switch engine {
    case .dataFile(let engine):
      try engine.sweep(
        now: now, retention: retention, isMetered: isMetered, keepsUsernames: keepsUsernames, isKept: isKept,
        isTrial: isTrial)
    }
  }

  /// Removes the records of removed accounts.
  ///
  /// - Parameter pieces: the maximum number of transactions. Each is short, so that other writers don't wait
  ///   long.
  package func removeRemains(pieces: Int = .max) throws {
    switch engine {
    case .dataFile(let engine): try engine.removeRemains(pieces: pieces)
    }
  }

  /// Checks whether the data's files are still where they were opened. Until they are back, all else throws `Unavailable` too.
  /// Writes and the sweep check it themselves.
  ///
  /// - Throws: `Unavailable` if a file was removed or replaced; `Lost` if it was overwritten.
  package func checkFiles() throws {
    switch engine {
    case .dataFile(let engine): try engine.checkFiles()
    }
  }

  /// Checks all indexes and counts against the records, as of one moment.
  ///
  /// - Returns: a line for each fault; empty if the data is consistent.
  package func problems() throws -> [String] {
    switch engine {
    case .dataFile(let engine): try engine.problems()
    }
  }

  /// Gets what is checked (`pages` or `entries`), how many are done, and how many there are.
  package typealias CheckProgress = (_ what: String, _ done: Int, _ total: Int) -> Void

  /// Checks the file's pages, and all indexes and counts against the records, as of one moment. Needs no keys.
  ///
  /// - Parameters:
  ///   - isReadOnly: true for a file that no process writes. Nothing is created or changed, not even a lock file.
  ///   - report: gets each fault.
  /// - Returns: `nil` if the pages are damaged, so that nothing more is known.
  /// - Warning: Damage can end the process by a signal.
  package static func check(
    _ storage: Storage, isReadOnly: Bool, progress: @escaping CheckProgress,
    report: @escaping (Finding) -> Void
  ) throws(OpeningError) -> DataFacts? {
    switch storage {
    case .dataFile(let directory, let maximumSize):
      try DataFileEngine.check(
        directory, maximumSize: maximumSize, isReadOnly: isReadOnly, progress: progress, report: report)
    }
  }

  /// A process that has the data open; `nil` if none has. 0 if its number is not known here.
  ///
  /// This process must not have it open.
  package static func user(of storage: Storage) -> Int32? {
    switch storage {
    case .dataFile(let directory, _): DataFileEngine.user(of: directory)
    }
  }

  /// What data that no process writes is, such as a copy; `nil` if it has not begun.
  package static func facts(_ storage: Storage) throws(OpeningError) -> DataFacts? {
    switch storage {
    case .dataFile(let directory, let maximumSize):
      try DataFileEngine.facts(directory, maximumSize: maximumSize)
    }
  }

  /// The number of stored attempt counters.
  package func attemptCount() throws -> Int {
    switch engine {
    case .dataFile(let engine): try engine.attemptCount()
    }
  }

  /// Copies the data as of one moment into a directory without data. Other processes can use the data
  /// meanwhile. The copy is compacted.
  package static func copy(_ storage: Storage, to directory: String) throws(OpeningError) {
    switch storage {
    case .dataFile(let source, let maximumSize):
      try DataFileEngine.copy(source, to: directory, maximumSize: maximumSize)
    }
  }
}
