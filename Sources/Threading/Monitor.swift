import Glibc

/// A mutex with two conditions, of which most need one (pthread_mutex_lock(3), pthread_cond_wait(3)).
///
/// Safe to share: all live at one address from `init` to `deinit`, as pthreads asks.
@safe package final class Monitor: @unchecked Sendable {
  /// What is waited for.
  package enum Condition: Int, Sendable {
    case first, second

    package var other: Condition { self == .first ? .second : .first }
  }

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let conditions: UnsafeMutablePointer<pthread_cond_t>

  package init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe conditions = .allocate(capacity: 2)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe conditions.initialize(repeating: pthread_cond_t(), count: 2)
    unsafe pthread_mutex_init(mutex, nil)
    for number in 0..<2 { unsafe pthread_cond_init(conditions + number, nil) }
  }

  deinit {
    for number in 0..<2 { unsafe pthread_cond_destroy(conditions + number) }
    unsafe pthread_mutex_destroy(mutex)
    unsafe conditions.deallocate()
    unsafe mutex.deallocate()
  }

  package func lock() { unsafe pthread_mutex_lock(mutex) }
  package func unlock() { unsafe pthread_mutex_unlock(mutex) }
  package func wait(_ condition: Condition = .first) {
    unsafe pthread_cond_wait(conditions + condition.rawValue, mutex)
  }
  package func signal(_ condition: Condition = .first) {
    unsafe pthread_cond_signal(conditions + condition.rawValue)
  }
  package func signalAll(_ condition: Condition = .first) {
    unsafe pthread_cond_broadcast(conditions + condition.rawValue)
  }

  /// Waits until `condition` holds, looking at each signal and at least every 50 ms; false once `deadline`
  /// (monotonic milliseconds) has passed.
  package func waitUntil(deadline: Int64, _ condition: () -> Bool) -> Bool {
    lock()
    defer { unlock() }
    while !condition() {
      if monotonicMilliseconds() >= deadline { return false }
      var time = timespec()
      unsafe clock_gettime(CLOCK_REALTIME, &time)
      time.tv_nsec += 50_000_000
      if time.tv_nsec >= 1_000_000_000 {
        time.tv_nsec -= 1_000_000_000
        time.tv_sec += 1
      }
      unsafe pthread_cond_timedwait(conditions, mutex, &time)
    }
    return true
  }

  package func withLock<Result>(_ body: () -> Result) -> Result {
    lock()
    defer { unlock() }
    return body()
  }
}
