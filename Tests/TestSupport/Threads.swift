import CDashboardLinux
import Glibc
import Synchronization

/// Runs closures at the same time, each in its own thread, in which it may block.
package enum Threads {
  /// The results of `body` for 0..<count, in that order. All threads begin at once.
  package static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let race = Race(count: count, body: body)
    var threads: [pthread_t] = []
    for index in 0..<count {
      var thread = pthread_t()
      let start = Unmanaged.passRetained(Start { race.run(index) }).toOpaque()
      let code = pthread_create(
        &thread, nil,
        { start in
          if let start { Unmanaged<Start>.fromOpaque(start).takeRetainedValue().body() }
          return nil
        }, start)
      precondition(code == 0, "pthread_create: \(code)")
      threads.append(thread)
    }
    for thread in threads { pthread_join(thread, nil) }
    return try race.results.withLock { $0.sorted { $0.key < $1.key } }.map { try $0.value.get() }
  }

  /// Lets other threads run.
  package static func yield() { sched_yield() }
}

private final class Start {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}

private final class Race<Success: Sendable>: Sendable {
  let count: Int
  let body: @Sendable (Int) throws -> Success
  let waiting = Atomic(0)
  let results = Mutex<[Int: Result<Success, any Error>]>([:])

  init(count: Int, body: @escaping @Sendable (Int) throws -> Success) {
    self.count = count
    self.body = body
  }

  func run(_ index: Int) {
    waiting.add(1, ordering: .acquiringAndReleasing)
    while waiting.load(ordering: .acquiring) < count { sched_yield() }
    let result = Result { try body(index) }
    results.withLock { $0[index] = result }
  }
}
