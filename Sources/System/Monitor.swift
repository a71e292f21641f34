import Glibc

/// A mutex with a condition (pthread_mutex_lock(3), pthread_cond_wait(3)).
///
/// Safe to share: both stay at one address from `init` to `deinit`, as pthreads requires.
@safe package final class Monitor: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  package init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe condition.initialize(to: pthread_cond_t())
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  package func lock() { unsafe pthread_mutex_lock(mutex) }
  package func unlock() { unsafe pthread_mutex_unlock(mutex) }
  package func wait() { unsafe pthread_cond_wait(condition, mutex) }
  package func signal() { unsafe pthread_cond_signal(condition) }

  /// Waits until `isSo` holds. Checks it after each signal, and at least every 50 ms.
  ///
  /// - Parameter deadline: in monotonic milliseconds.
  /// - Returns: false if the deadline has passed.
  package func waitUntil(deadline: Int64, _ isSo: () -> Bool) -> Bool {
    lock()
    defer { unlock() }
    while !isSo() {
      if monotonicMilliseconds() >= deadline { return false }
      var time = timespec()
      unsafe clock_gettime(CLOCK_REALTIME, &time)
      time.tv_nsec += 50_000_000
      if time.tv_nsec >= 1_000_000_000 {
        time.tv_nsec -= 1_000_000_000
        time.tv_sec += 1
      }
      unsafe pthread_cond_timedwait(condition, mutex, &time)
    }
    return true
  }

  package func withLock<Result>(_ body: () -> Result) -> Result {
    lock()
    defer { unlock() }
    return body()
  }
}
