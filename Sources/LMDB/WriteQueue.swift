import Glibc
import Threading

/// Write transactions of several threads, made durable together: one commit, and so one wait for the disk, serves all
/// that came before it.
///
/// The first to come begins the transaction that writes, runs what is queued and what comes meanwhile, and commits. Only then does
/// any of them return, those with an error included: what they saw may have been the work of another piece. Most errors come
/// before a piece has written anything; if one comes later, and there are others, all is undone and run once more, each piece in a
/// transaction nested in the one that is committed (these cost a copy of each page), so that an error undoes that piece alone. If
/// that fails too (`MDB_MAP_FULL` can strike at the commit), each piece is run in a transaction of its own, so that one that is too
/// large fails alone.
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
  /// Which of the monitor's conditions whoever comes waits for: that of the batch that is run, and once it takes nobody along any
  /// more, that of the next. So nearly each is woken once.
  private var turn = Monitor.Condition.first
  /// Who writes.
  private var writer: pthread_t?

  /// How many wait to be in a batch.
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
  /// - Parameter body: runs on any of the threads that write, and again if it could not be made durable with others.
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
        monitor.wait(piece.turn ?? turn)
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
      let turnOfBatch = turn
      var batch = take(atMost: Self.largestBatch)
      monitor.unlock()
      write(&batch, in: environment)
      monitor.lock()
      turn = turnOfBatch.other
      for piece in batch { piece.finish() }
      monitor.signalAll(turnOfBatch)
      batches += 1
    } while batches < Self.mostBatches && !waiting.isEmpty
    isWriting = false
    writer = nil
    monitor.signal(turn)
  }

  /// Those who have waited longest. With `monitor` held.
  private func take(atMost most: Int) -> [Piece] {
    let taken = Array(waiting.prefix(most))
    waiting.removeFirst(taken.count)
    for piece in taken { piece.turn = turn }
    return taken
  }

  /// Takes along what has come while the batch was run. False: nothing has, or there is no room; the batch is closed, and who comes
  /// now is in the next.
  private func extendOrClose(_ batch: inout [Piece]) -> Bool {
    monitor.lock()
    defer { monitor.unlock() }
    let more = take(atMost: Self.largestBatch - batch.count)
    if more.isEmpty { turn = turn.other }
    batch += more
    return !more.isEmpty
  }

  private func write(_ batch: inout [Piece], in environment: Environment) {
    if isWritten(&batch, in: environment) { return }
    if batch.count > 1, isWrittenNested(batch, in: environment) { return }
    for piece in batch {
      if batch.count > 1 { runAlone(piece, in: environment) }
      // The room that readers keep who were killed can be had.
      if let error = piece.error as? LMDBError, error.isStorageUnavailable, environment.checkReaders() > 0 {
        runAlone(piece, in: environment)
      }
    }
  }

  private func runAlone(_ piece: Piece, in environment: Environment) {
    do { piece.run(in: try environment.beginWrite()) } catch { piece.fail(error) }
  }

  /// Whether all of it is durable, and what came meanwhile, but for the pieces that threw an error of their own; if not, nothing is.
  private func isWritten(_ batch: inout [Piece], in environment: Environment) -> Bool {
    do {
      let transaction = try environment.beginWrite()
      var done = 0
      repeat {
        for piece in batch[done...] {
          let before = transaction.writeCount
          piece.run(in: transaction.share())
          // Something of it is left, which must not be committed.
          if let error = piece.error, error is LMDBError || transaction.writeCount != before { throw error }
        }
        done = batch.count
      } while extendOrClose(&batch)
      try transaction.commit()
      return true
    } catch {
      // Who is alone in it need not be run again to know.
      if batch.count == 1 { batch[0].fail(error) }
      return false
    }
  }

  /// The same with a transaction for each piece, so that each can be undone.
  private func isWrittenNested(_ batch: [Piece], in environment: Environment) -> Bool {
    do {
      let transaction = try environment.beginWrite()
      for piece in batch {
        piece.run(in: try transaction.beginNested())
        if let error = piece.error as? LMDBError { throw error }
      }
      try transaction.commit()
      return true
    } catch {
      return false
    }
  }
}
