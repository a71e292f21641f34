package import DashboardSystem
import Glibc

/// What a write queue has done since its process opened the environment.
package struct WriteStatistics: Sendable {
  /// The number of writes that wait for a batch.
  package var waiting = 0
  /// The batches by the number of their writes.
  package var batches = Histogram(bounds: [1, 2, 4, 8, 16, 32, 64])
  /// The number of batches with a write that could not be stored.
  package var failures: UInt64 = 0
  /// Why the last write that should have been stored was not; `nil` if it was.
  package var lastFailure: LMDBError?

  /// - Parameters:
  ///   - failure: why a write of the batch was not stored, if that was not the write's own fault.
  ///   - isStored: true if a write of the batch changed the data file.
  mutating func note(batchOf count: Int, failure: LMDBError?, isStored: Bool) {
    batches.add(Int64(count))
    if failure != nil { failures += 1 }
    if failure != nil || isStored { lastFailure = failure }
  }
}

extension Environment {
  /// What the writes of this process have done.
  package var writeStatistics: WriteStatistics { queue.statistics }

  /// The number of the last transaction that changed the data.
  package var lastTransaction: Int { mapMonitor.withLock { isMapLost ? 0 : information.lastTransaction } }

  /// The bytes of the map that the data takes, with free pages in between. As large as the map if that is lost.
  package var usedMapSize: Int {
    mapMonitor.withLock { isMapLost ? 0 : min(neededLength ?? .max, information.mapSize) }
  }
}

extension Environment {
  /// When the data file was last changed, in milliseconds since 1970 by the system's clock (fstat(2), `st_mtim`); `nil` if the
  /// system does not tell.
  package var lastChange: Int64? {
    var status = stat()
    guard unsafe fstat(dataFile.rawValue, &status) == 0 else { return nil }
    return Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
  }
}
