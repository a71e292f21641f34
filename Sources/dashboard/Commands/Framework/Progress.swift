import DashboardSystem
import Glibc
import Synchronization

/// How far a long command has come, on the terminal of descriptor 2: from the first second on, once a second. Elsewhere it says nothing.
struct Progress {
  private let name: String
  private let unit: String
  private let start = monotonicMilliseconds()
  private var told: Int64 = 0
  private var count = 0
  private let isShown = isatty(STDERR_FILENO) == 1

  init(_ name: String, unit: String) { (self.name, self.unit) = (name, unit) }

  mutating func advance(by number: Int = 1) {
    count += number
    tell()
  }

  /// - Parameter total: the count at the end; `nil` if it is not known.
  mutating func advance(to number: Int, of total: Int? = nil) {
    count = number
    tell(of: total)
  }

  private mutating func tell(of total: Int? = nil) {
    let passed = monotonicMilliseconds() - start
    guard isShown, passed >= 1000, passed / 1000 > told else { return }
    told = passed / 1000
    let rate = Int64(count) * 1000 / passed
    let end = total.map { " of \($0)" } ?? ""
    StandardError.prompt("\r\(name): \(count)\(end) \(unit), \(rate) a second \u{1B}[K")
  }

  /// Ends the line. Call it before anything else is written.
  func finish() { if told > 0 { StandardError.prompt("\r\u{1B}[K") } }
}

/// The progress of work on bytes, in megabytes.
struct ByteProgress {
  private var progress: Progress
  private let total: Int
  private var done = 0

  /// - Parameter total: in bytes.
  init(_ name: String, total: Int) {
    progress = Progress(name, unit: "MB")
    self.total = total
  }

  mutating func advance(by bytes: Int) { advance(to: done + bytes) }

  mutating func advance(to bytes: Int) {
    done = bytes
    progress.advance(to: done / 1_000_000, of: total / 1_000_000)
  }

  func finish() { progress.finish() }
}

extension Progress {
  /// Shows how a file grows to the length of another one while `body` writes it.
  static func watching<Result>(
    _ path: String, of model: String, _ body: () throws -> Result
  ) rethrows -> Result {
    guard isatty(STDERR_FILENO) == 1 else { return try body() }
    let (isDone, end) = (Flag(), Semaphore())
    let isWatched = Thread.start(name: "progress") {
      var progress = ByteProgress("Copying", total: length(model))
      while !isDone.value.load(ordering: .acquiring) {
        progress.advance(to: length(path))
        usleep(200_000)
      }
      progress.finish()
      end.post()
    }
    defer {
      isDone.value.store(true, ordering: .releasing)
      if isWatched { end.wait() }
    }
    return try body()
  }

  private final class Flag: Sendable { let value = Atomic(false) }

  private static func length(_ path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
