import Glibc

/// The time on a clock that never jumps (clock_gettime(2), CLOCK_MONOTONIC). Only differences are meaningful.
///
/// Swift's `ContinuousClock` would link the concurrency runtime and libdispatch, whose start every CGI request would wait for.
package func monotonicTime() -> Duration {
  let time = monotonic()
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

/// The same time in milliseconds.
package func monotonicMilliseconds() -> Int64 {
  let time = monotonic()
  return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

private func monotonic() -> timespec {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return time
}
