import Glibc

/// The nanoseconds on a clock that never jumps (clock_gettime(2), CLOCK_MONOTONIC). Only differences are meaningful.
///
/// Swift's `ContinuousClock` would link the concurrency runtime and libdispatch, whose start every CGI request would wait for.
package func monotonicNanoseconds() -> Int64 {
  let time = monotonic()
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// The same time in milliseconds.
package func monotonicMilliseconds() -> Int64 {
  let time = monotonic()
  return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

/// The milliseconds since the machine started, also those in which it slept (clock_gettime(2), CLOCK_BOOTTIME). Only differences
/// are meaningful.
package func uptimeMilliseconds() -> Int64 {
  let time = time(of: CLOCK_BOOTTIME)
  return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

private func monotonic() -> timespec { time(of: CLOCK_MONOTONIC) }

private func time(of clock: clockid_t) -> timespec {
  var time = timespec()
  _ = unsafe clock_gettime(clock, &time)
  return time
}
