import Glibc
import Threading

/// Write transactions of several threads, made durable together: one commit, and so one wait for the disk, serves all
/// that were waiting for the one before it.
///
/// The first to come begins the transaction that writes, runs what is queued, and commits. Only then does any of them
/// return, those with an error included: what they saw may have been the work of another piece. Most errors come before a
/// piece has written anything; if one comes later, all is undone and run once more, each piece in a transaction nested in
/// the one that is committed (these cost a copy of each page), so that an error undoes that piece alone. If the commit
/// fails (`MDB_MAP_FULL` can strike there), each piece is run in a transaction of its own, so that one that is too large
/// fails alone.
///
/// Safe to share: every stored property that changes is only touched with `monitor` held.
final class WriteQueue: @unchecked Sendable {
  /// The most that one commit waits for.
  private static let largestBatch = 64
  /// The most that one thread writes one after another; its own caller waits for them.
  private static let mostBatches = 4
  /// Microseconds between a batch and the next. LMDB's lock is not fair: whoever gives it back and takes it again at once
  /// keeps the other processes from it, up to seconds.
  private static let pause: UInt32 = 50

  private let monitor = Monitor()
  private var waiting: [Piece] = []
  private var isWriting = false
  /// Which of the monitor's conditions those wait for who will be in the next batch. Those in the one that is written wait for
  /// the other, so that each is woken once.
  private var nextTurn = Monitor.Condition.first
  /// Who writes.
  private var writer: pthread_t?

  /// How many wait for the batch that is being written.
  var count: Int { monitor.withLock { waiting.count } }

  /// What one thread wants to write.
  private final class Piece {
    private var body: ((consuming WriteTransaction) throws -> Void)?
    private(set) var error: (any Error)?
    private(set) var isDone = false
    /// Which condition it waits for, once it is in a batch.
    var turn: Monitor.Condition?

    init(_ body: @escaping (consuming WriteTransaction) throws -> Void) { self.body = body }

    func run(in transaction: consuming WriteTransaction) {
      error = nil
      do { try body?(transaction) } catch { self.error = error }
    }

    func fail(_ error: any Error) { self.error = error }

    /// Lets the body go, which must not outlive the call it was given to.
    func finish() {
      body = nil
      isDone = true
    }
  }

  /// Runs `body`, which must commit the transaction it is given; returns once that is durable.
  ///
  /// - Parameter body: runs on any of the threads that write, and once more if it could not be made durable with others.
  func write<Result>(
    in environment: Environment, _ body: (consuming WriteTransaction) throws -> Result
  ) throws -> Result {
    var result: Result?
    try withoutActuallyEscaping(body) { body in
      let piece = Piece { transaction in result = try body(transaction) }
      finish(piece, in: environment)
      if let error = piece.error { throw error }
    }
    guard let result else { throw LMDBError.corrupted }
    return result
  }

  private func finish(_ piece: Piece, in environment: Environment) {
    monitor.lock()
    defer { monitor.unlock() }
    // Would wait for itself.
    if let writer, pthread_equal(writer, pthread_self()) != 0 {
      return piece.fail(LMDBError(rawValue: EDEADLK))
    }
    waiting.append(piece)
    var hasWaited = false
    while !piece.isDone {
      if isWriting {
        hasWaited = true
        monitor.wait(piece.turn ?? nextTurn)
      } else {
        lead(in: environment, afterOthers: hasWaited)
      }
    }
  }

  /// Writes what waits: more than a batch, since the next thread to lead would be woken last, behind all whose pieces are
  /// done.
  private func lead(in environment: Environment, afterOthers: Bool) {
    isWriting = true
    writer = pthread_self()
    var batches = 0
    repeat {
      if batches > 0 || afterOthers {
        monitor.unlock()
        usleep(Self.pause)
        monitor.lock()
      }
      let batch = Array(waiting.prefix(Self.largestBatch))
      waiting.removeFirst(batch.count)
      let turn = nextTurn
      for piece in batch { piece.turn = turn }
      nextTurn = turn.other
      monitor.unlock()
      write(batch, in: environment)
      monitor.lock()
      for piece in batch { piece.finish() }
      monitor.signalAll(turn)
      batches += 1
    } while batches < Self.mostBatches && !waiting.isEmpty
    isWriting = false
    writer = nil
    monitor.signal(nextTurn)
  }

  private func write(_ batch: [Piece], in environment: Environment) {
    if batch.count > 1,
      isWritten(batch, in: environment, nested: false) || isWritten(batch, in: environment, nested: true)
    {
      return
    }
    for piece in batch {
      runAlone(piece, in: environment)
      // The room that readers keep who were killed can be had.
      if let error = piece.error as? LMDBError, error.isStorageUnavailable, environment.checkReaders() > 0 {
        runAlone(piece, in: environment)
      }
    }
  }

  private func runAlone(_ piece: Piece, in environment: Environment) {
    do { piece.run(in: try environment.beginWrite()) } catch { piece.fail(error) }
  }

  /// Whether all of it is durable, but for the pieces that threw an error of their own; if not, nothing is.
  ///
  /// - Parameter isNested: whether each piece can be undone.
  private func isWritten(_ batch: [Piece], in environment: Environment, nested isNested: Bool) -> Bool {
    do {
      let transaction = try environment.beginWrite()
      for piece in batch {
        let before = transaction.writeCount
        piece.run(in: isNested ? try transaction.beginNested() : transaction.share())
        if let error = piece.error as? LMDBError { throw error }
        // Something of it is left, which must not be committed.
        if let error = piece.error, !isNested, transaction.writeCount != before { throw error }
      }
      try transaction.commit()
      return true
    } catch {
      return false
    }
  }
}
