import CLinux
import Glibc

/// Runs closures at the same time, each in a thread of its own, which may block.
package enum Threads {
  /// The results of `body` for 0..<count, in that order.
  package static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    let work = Work(count: count, body: body)
    var threads: [pthread_t] = []
    for _ in 0..<count {
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(work).toOpaque()
      let code = pthread_create(
        &thread, nil,
        { argument in
          if let argument { Unmanaged<AnyWork>.fromOpaque(argument).takeRetainedValue().runNext() }
          return nil
        }, argument)
      guard code == 0 else { throw SystemFailure("pthread_create", code: code) }
      threads.append(thread)
    }
    for thread in threads { pthread_join(thread, nil) }
    return try work.results.map { try $0.get() }
  }

  private class AnyWork: @unchecked Sendable {
    func runNext() {}
  }

  private final class Work<Result: Sendable>: AnyWork, @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let body: @Sendable (Int) throws -> Result
    private var next = 0
    private var found: [Int: Swift.Result<Result, any Error>] = [:]
    private let count: Int

    init(count: Int, body: @escaping @Sendable (Int) throws -> Result) {
      self.count = count
      self.body = body
      pthread_mutex_init(lock, nil)
    }

    deinit {
      pthread_mutex_destroy(lock)
      lock.deallocate()
    }

    override func runNext() {
      pthread_mutex_lock(lock)
      let index = next
      next += 1
      pthread_mutex_unlock(lock)
      let result = Swift.Result { try body(index) }
      pthread_mutex_lock(lock)
      found[index] = result
      pthread_mutex_unlock(lock)
    }

    /// After all threads have ended.
    var results: [Swift.Result<Result, any Error>] { (0..<count).compactMap { found[$0] } }
  }
}

extension Threads {
  /// Lets other threads run.
  package static func yield() { sched_yield() }
}
