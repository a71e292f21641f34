import DashboardLMDB
import DashboardRecords
import DashboardSystem

extension DataFileEngine {
  func state() -> Store.State {
    var state = Store.State(directory: directory)
    state.deadReaders = environment.freeDeadReaders()
    (state.mapSize, state.usedSize) = (environment.mapSize, environment.usedMapSize)
    state.isMapFull = environment.isMapFull
    state.disk = FileSystemSpace(of: directory)
    state.isDisplaced = environment.displacedPath != nil
    state.lastChange = environment.lastChange.map { Timestamp(milliseconds: $0) }
    let (slots, newest) = (environment.readerSlots, environment.lastTransaction)
    (state.readers, state.maximumReaders) = (slots.count, environment.maximumReaders)
    let old = slots.compactMap { slot in
      slot.transaction.map { Store.OldReader(process: slot.process, transaction: $0) }
    }
    state.oldestReader = old.filter { $0.transaction < newest }.min { $0.transaction < $1.transaction }
    let writes = environment.writeStatistics
    (state.waitingWrites, state.commits, state.failedCommits) = (
      writes.waiting, writes.batches, writes.failures
    )
    state.commitFailure = writes.lastFailure?.description
    return state
  }

  func tryCommit() throws {
    try change { transaction, tables in
      try tables.numbers.put(MigrationState.schemaName, Number(Migration.current), in: transaction)
    }
  }
}
