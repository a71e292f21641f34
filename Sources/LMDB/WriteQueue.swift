import DashboardSystem
import Glibc

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
/// Safe to share: every stored property that changes is only touched with `monitor` held. A piece is handed from thread to
/// thread by its semaphore.
final class WriteQueue: @unchecked Sendable {
  /// The most that one commit waits for.
  private static let largestBatch = 64

  private let monitor = Monitor()
  private var waiting: [Piece] = []
  /// Whether somebody writes, or is being woken to: otherwise nobody waits.
  private var isWriting = false
  /// Who writes.
  private var writer: pthread_t?

  /// How many wait to be in a batch.
  var count: Int { monitor.withLock { waiting.count } }

  /// What one thread wants to write. Whoever writes has it until its thread is woken.
  private final class Piece {
    private var body: ((consuming WriteTransaction) throws -> Void)?
    private(set) var error: (any Error)?
    private(set) var isDone = false
    private let woken = Semaphore()
    /// Whose threads its own wakes once it has been woken itself.
    private var others: ArraySlice<Piece> = []

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

    /// Until it is done, or its thread is to write. Wakes those who are to be woken by it.
    func wait() {
      woken.wait()
      for other in others { other.wake() }
      // They all hold one another.
      others = []
    }

    func wake() { woken.post() }

    /// Wakes one of the threads, which wakes two more, and so on: each that is woken may take the processor of who wakes it.
    static func wake(_ pieces: [Piece]) {
      for (place, piece) in pieces.enumerated() {
        let first = min(2 * place + 1, pieces.count)
        piece.others = pieces[first..<min(first + 2, pieces.count)]
      }
      pieces.first?.wake()
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
    // Would wait for itself.
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

  /// Makes this thread the one that writes. With `monitor` held.
  private func begin() -> [Piece] {
    (isWriting, writer) = (true, pthread_self())
    return take(atMost: Self.largestBatch)
  }

  /// Writes a batch, the thread's own piece in it, and hands over to who has waited longest.
  private func lead(_ own: Piece, _ first: [Piece], in environment: Environment) {
    var batch = first
    write(&batch, in: environment)
    for piece in batch { piece.finish() }
    Piece.wake(batch.filter { $0 !== own })
    let successor = monitor.withLock {
      (isWriting, writer) = (!waiting.isEmpty, nil)
      return waiting.first
    }
    successor?.wake()
  }

  /// Those who have waited longest. With `monitor` held.
  private func take(atMost most: Int) -> [Piece] {
    let taken = Array(waiting.prefix(most))
    waiting.removeFirst(taken.count)
    return taken
  }

  /// Takes along what has come while the batch was run. False: nothing has, or there is no room.
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
      } while extend(&batch)
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
