import DashboardRecords
import DashboardStore
import TestSupport
import Testing

@Suite("the state of the store")
struct StoreStateTests {
  @Test("it tells of the map, the disk, the readers and the commits")
  func state() throws {
    let fixture = try Fixture()
    let state = fixture.store.state()
    #expect(state.directory == fixture.directory.path)
    #expect(state.mapSize == 64 << 20 && (1...state.mapSize).contains(state.usedSize))
    #expect(!state.isMapFull && !state.isDisplaced && state.commitFailure == nil)
    #expect(state.disk.map { $0.free <= $0.size } == true)
    #expect(state.maximumReaders > state.readers)
    #expect(state.oldestReader == nil && state.deadReaders == 0 && state.waitingWrites == 0)
    #expect(try #require(state.lastChange) > now)
  }

  @Test("a killed reader is counted once")
  func deadReader() throws {
    let fixture = try Fixture()
    try LostReader.leave(in: fixture.directory.path)
    #expect(fixture.store.state().deadReaders == 1)
    #expect(fixture.store.state().deadReaders == 0)
  }

  @Test("a reader of older data than the newest is the oldest reader")
  func oldReader() throws {
    let fixture = try Fixture()
    try fixture.store.read(app()) { _ in
      #expect(fixture.store.state().oldestReader == nil)
      try fixture.store.tryCommit()
      #expect(fixture.store.state().oldestReader != nil)
    }
    #expect(fixture.store.state().oldestReader == nil)
  }

  @Test("a trial commit is a real one, and changes nothing")
  func trial() throws {
    let fixture = try Fixture()
    let before = fixture.store.state()
    try fixture.store.tryCommit()
    #expect(fixture.store.state().commits.sum == before.commits.sum + 1)
    #expect(try fixture.store.problems() == [])
  }
}
