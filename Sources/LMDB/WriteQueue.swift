import DashboardSystem
import Glibc

/// Groups the write transactions of several threads: one commit, and so one wait for the disk, serves a whole batch.
///
/// A thread that finds no writer begins the write transaction, runs the queued pieces and later arrivals, and
/// commits. Only then do their threads return, also those with an error, since a piece may have seen the changes of another.
///
/// If a piece fails after it has written, the whole batch is undone and run again. Each piece then has a nested transaction, so
/// that an error undoes that piece alone. Nested transactions copy pages, so they are not the first choice.
///
/// If that fails too (a commit can fail with `MDB_MAP_FULL`), each piece runs in a transaction of its own. A piece that is too
/// large then fails alone.
///
/// Safe to share: stored properties that change are only touched while `monitor` is held. A semaphore hands a piece from thread
/// to thread.
final class WriteQueue: @unchecked Sendable {
  /// The most pieces in one commit.
  private static let largestBatch = 64

  private let monitor = Monitor()
  private var waiting: [Piece] = []
  /// True while a thread writes or is being woken to write. Otherwise no piece waits.
  private var isWriting = false
  /// The thread that writes.
  private var writer: pthread_t?
  private var done = WriteStatistics()
  /// True if the batch has changed the data file. Only the thread that writes touches it.
  private var isStored = false

  /// The number of pieces that wait for a batch.
  var count: Int { monitor.withLock { waiting.count } }

  var statistics: WriteStatistics {
    monitor.withLock {
      var statistics = done
      statistics.waiting = waiting.count
      return statistics
    }
  }

  /// Notes that a transaction of the batch has changed the data file.
  func noteStored() { isStored = true }

  /// The write of one thread. The writing thread owns it until it wakes the piece's thread.
  private final class Piece {
    private var body: ((consuming WriteTransaction) throws -> Void)?
    private(set) var error: (any Error)?
    private(set) var isDone = false
    private let woken = Semaphore()
    /// The pieces whose threads this piece's thread wakes once it is awake.
    private var others: ArraySlice<Piece> = []

    init(_ body: @escaping (consuming WriteTransaction) throws -> Void) { self.body = body }

    func run(in transaction: consuming WriteTransaction) {
      error = nil
      do { try body?(transaction) } catch { self.error = error }
    }

    func fail(_ error: any Error) { self.error = error }

    /// Drops the body, which must not outlive the call that brought it.
    func finish() {
      body = nil
      isDone = true
    }

    /// Waits until the piece is done or its thread is to write. Then wakes the threads of `others`.
    func wait() {
      woken.wait()
      for other in others { other.wake() }
      // Breaks reference cycles between pieces.
      others = []
    }

    func wake() { woken.post() }

    /// Wakes the threads as a tree: each thread wakes two more. A thread that wakes another may lose its processor to it.
    static func wake(_ pieces: [Piece]) {
      for (place, piece) in pieces.enumerated() {
        let first = min(2 * place + 1, pieces.count)
        piece.others = pieces[first..<min(first + 2, pieces.count)]
      }
      pieces.first?.wake()
    }
  }

  /// Runs `body`, which must commit its transaction. Returns once the changes are durable.
  ///
  /// - Parameter body: runs on any of the writing threads, and again if its batch could not be committed.
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
    // The thread would wait for itself.
    if let writer, pthread_equal(writer, pthread_self()) != 0 {
      monitor.unlock()
      return piece.fail(LMDBError(rawValue: EDEADLK))
    }
    waiting.append(piece)
    var batch = isWriting ? [] : begin()
    monitor.unlock()
    if batch.isEmpty {
      piece.wait()
      if piece.isDone { return }
      batch = monitor.withLock { begin() }
    }
    lead(piece, batch, in: environment)
  }

  /// Makes this thread the writer and returns its batch. Call it while `monitor` is held.
  private func begin() -> [Piece] {
    (isWriting, writer) = (true, pthread_self())
    return take(atMost: Self.largestBatch)
  }

  /// Writes a batch that includes the thread's own piece. Then hands over to the piece that has waited longest.
  private func lead(_ own: Piece, _ first: [Piece], in environment: Environment) {
    var batch = first
    isStored = false
    write(&batch, in: environment)
    let failure = batch.lazy.compactMap { $0.error as? LMDBError }
      .first { $0.isStorageUnavailable || $0.needsRestart }
    let (count, isStored) = (batch.count, isStored)
    for piece in batch { piece.finish() }
    Piece.wake(batch.filter { $0 !== own })
    let successor = monitor.withLock {
      done.note(batchOf: count, failure: failure, isStored: isStored)
      (isWriting, writer) = (!waiting.isEmpty, nil)
      return waiting.first
    }
    successor?.wake()
  }

  /// Removes the pieces that have waited longest from the queue. Call it while `monitor` is held.
  private func take(atMost most: Int) -> [Piece] {
    let taken = Array(waiting.prefix(most))
    waiting.removeFirst(taken.count)
    return taken
  }

  /// Adds the pieces that have arrived meanwhile to the batch.
  ///
  /// - Returns: false if none has arrived or the batch is full.
  private func extend(_ batch: inout [Piece]) -> Bool {
    let more = monitor.withLock { take(atMost: Self.largestBatch - batch.count) }
    batch += more
    return !more.isEmpty
  }

  private func write(_ batch: inout [Piece], in environment: Environment) {
    if isWritten(&batch, in: environment) { return }
    if batch.count > 1, isWrittenNested(batch, in: environment) { return }
    for piece in batch {
      if batch.count > 1 { runAlone(piece, in: environment) }
      // Killed readers kept pages in use, which can be freed.
      if let error = piece.error as? LMDBError, error.isStorageUnavailable, environment.checkReaders() > 0 {
        runAlone(piece, in: environment)
      }
      if piece.error as? LMDBError == .mapFull, environment.takeLargerMap() {
        runAlone(piece, in: environment)
      }
    }
  }

  private func runAlone(_ piece: Piece, in environment: Environment) {
    do { piece.run(in: try environment.beginWrite()) } catch { piece.fail(error) }
  }

  /// Writes the batch, and the pieces that arrive meanwhile, in one transaction.
  ///
  /// - Returns: false if nothing of it was committed. Pieces that failed before they wrote do not prevent the commit.
  private func isWritten(_ batch: inout [Piece], in environment: Environment) -> Bool {
    do {
      let transaction = try environment.beginWrite()
      var ran = 0
      repeat {
        for piece in batch[ran...] {
          let before = transaction.writeCount
          piece.run(in: transaction.share())
          // A part of this piece was written, and must not be committed.
          if let error = piece.error, error is LMDBError || transaction.writeCount != before { throw error }
        }
        ran = batch.count
      } while extend(&batch)
      try transaction.commit()
      return true
    } catch {
      // A piece that is alone need not run again.
      if batch.count == 1 { batch[0].fail(error) }
      return false
    }
  }

  /// Writes the batch with a nested transaction for each piece, so that each can be undone. The result is that of `isWritten`.
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
