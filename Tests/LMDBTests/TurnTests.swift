import DashboardLMDB
import Glibc
import Synchronization
import TestSupport
import Testing

/// A process that waits for LMDB's writer lock holds the data file's flock(2).
@Suite("Turns of writing processes")
struct TurnTests {
  private let fixture: Fixture
  private let other: OtherProcess

  init() throws {
    fixture = try Fixture()
    other = try OtherProcess(fixture.directory.path("data.mdb"))
  }

  /// The data file as another process opens it: flock(2) belongs to the open file, not to the process.
  private final class OtherProcess: Sendable {
    private let file: Int32
    private let inode: ino_t

    init(_ path: String) throws {
      var status = stat()
      file = open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0, fstat(file, &status) == 0 else { throw TestFailure(system: path) }
      inode = status.st_ino
    }

    deinit { close(file) }

    func takeTurn() -> Bool { flock(file, LOCK_EX | LOCK_NB) == 0 }
    func endTurn() { flock(file, LOCK_UN) }

    /// True if the other process could take its turn now.
    var mayTakeTurn: Bool {
      defer { endTurn() }
      return takeTurn()
    }

    /// True if another thread waits for this turn to end (proc_locks(5)).
    var isWaitedFor: Bool {
      get throws {
        try String(decoding: Files.read("/proc/locks"), as: UTF8.self).split(separator: "\n")
          .contains { $0.contains("-> FLOCK") && $0.contains(":\(inode) ") }
      }
    }
  }

  @Test("a writer waits for its turn")
  func waiting() throws {
    let hasWritten = Atomic(false)
    #expect(other.takeTurn())
    _ = try Threads.run(2) { number in
      if number == 0 {
        try fixture.put([[1]: 10])
        hasWritten.store(true, ordering: .releasing)
      } else {
        let isWaitedFor = eventually { (try? other.isWaitedFor) == true }
        let wasEarly = hasWritten.load(ordering: .acquiring)
        other.endTurn()
        #expect(isWaitedFor && !wasEarly)
      }
    }
    #expect(try fixture.all() == [[1]: 10])
  }

  /// Otherwise no process could wait behind the writer.
  @Test("a turn ends when the transaction begins")
  func ending() throws {
    #expect(other.mayTakeTurn)
    let transaction = try fixture.environment.beginWrite()
    #expect(other.mayTakeTurn)
    try transaction.nested { _ in #expect(other.mayTakeTurn) }
    try transaction.commit()
    #expect(other.mayTakeTurn)
  }

  @Test("a writer that waits for the transaction holds its turn")
  func holding() throws {
    let isHeld = Atomic(false)
    _ = try Threads.run(2) { number in
      if number == 0 {
        let transaction = try fixture.environment.beginWrite()
        isHeld.store(true, ordering: .releasing)
        let isWaitedFor = eventually { !other.mayTakeTurn }
        #expect(isWaitedFor)
        try transaction.commit()
      } else {
        let hasBegun = eventually { isHeld.load(ordering: .acquiring) }
        #expect(hasBegun)
        let transaction = try fixture.environment.beginWrite()
        #expect(other.mayTakeTurn)
        try transaction.commit()
      }
    }
  }
}
