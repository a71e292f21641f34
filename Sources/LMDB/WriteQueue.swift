import Glibc
import Threading

/// Write transactions of several threads, made durable together: one commit, and so one wait for the disk, serves all
/// that were waiting for the one before it.
///
/// The first to come begins the transaction that writes, runs what is queued, each piece in a transaction nested in it
/// so that an error undoes that piece alone, and commits. Only then does any of them return, those with an error
/// included: what they saw may have been the work of another piece. If the commit fails (`MDB_MAP_FULL` can strike
/// there), each piece is run once more in a transaction of its own, so that one that is too large fails alone.
///
/// Safe to share: every stored property that changes is only touched with `monitor` held.
final class WriteQueue: @unchecked Sendable {
  /// The most that one commit waits for.
  private static let largestBatch = 64
  /// Microseconds between a batch and the next. LMDB's lock is not fair: whoever gives it back and takes it again at once
  /// keeps the other processes from it, up to seconds.
  private static let pause: UInt32 = 50

  private let monitor = Monitor()
  private var waiting: [Piece] = []
  private var isWriting = false
  /// Who writes.
  private var writer: pthread_t?

  /// How many wait for the batch that is being written.
  var count: Int { monitor.withLock { waiting.count } }

  /// What one thread wants to write.
  private final class Piece {
    private var body: ((consuming WriteTransaction) throws -> Void)?
    private(set) var error: (any Error)?
    private(set) var isDone = false

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
      guard !isWriting else {
        hasWaited = true
        monitor.wait()
        continue
      }
      isWriting = true
      writer = pthread_self()
      if hasWaited {
        monitor.unlock()
        usleep(Self.pause)
        monitor.lock()
      }
      let batch = Array(waiting.prefix(Self.largestBatch))
      waiting.removeFirst(batch.count)
      monitor.unlock()
      if batch.count == 1 || !isWritten(batch, in: environment) {
        for piece in batch {
          do { piece.run(in: try environment.beginWrite()) } catch { piece.fail(error) }
        }
      }
      monitor.lock()
      for piece in batch { piece.finish() }
      isWriting = false
      writer = nil
      monitor.signalAll()
    }
  }

  /// Whether all of it is durable, but for the pieces that threw an error of their own; if not, nothing is.
  private func isWritten(_ batch: [Piece], in environment: Environment) -> Bool {
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
