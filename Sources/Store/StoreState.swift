package import DashboardRecords
package import DashboardSystem

extension Store {
  /// The state of the data file and its disk, for the operator. It needs no transaction.
  package struct State: Sendable {
    package var directory: String
    /// Bytes of the data file that can be used, and that are.
    package var mapSize = 0
    package var usedSize = 0
    /// True if the map has no room for another page.
    package var isMapFull = false
    /// The disk of the data; `nil` if it can't be asked.
    package var disk: FileSystemSpace?
    /// True if a file was removed or replaced.
    package var isDisplaced = false
    /// When the data file was last changed, by the system's clock; `nil` if it can't be asked.
    package var lastChange: Timestamp?
    package var readers = 0
    package var maximumReaders = 0
    /// Readers of processes that died while they read, whose entries were just freed.
    package var deadReaders = 0
    /// The oldest data that a reader keeps; `nil` if no reader keeps any but the newest.
    package var oldestReader: OldReader?
    /// The number of writes that wait to be stored.
    package var waitingWrites = 0
    /// Commits by the number of their writes.
    package var commits = Histogram(bounds: [])
    package var failedCommits: UInt64 = 0
    /// Why the last commit failed; `nil` if it did not.
    package var commitFailure: String?

    package init(directory: String) { self.directory = directory }
  }

  /// A reader that keeps older data than the newest.
  package struct OldReader: Hashable, Sendable {
    package let process: Int32
    /// The number of the transaction whose data it reads.
    package let transaction: Int

    package init(process: Int32, transaction: Int) {
      (self.process, self.transaction) = (process, transaction)
    }
  }

  /// The state of the data. Frees the entries of readers that have died.
  package func state() -> State {
    switch engine {
    case .dataFile(let engine): engine.state()
    }
  }

  /// Stores something that changes nothing, to see whether a commit succeeds again.
  ///
  /// - Throws: `Unavailable`, `Lost`.
  package func tryCommit() throws {
    switch engine {
    case .dataFile(let engine): try engine.tryCommit()
    }
  }
}
