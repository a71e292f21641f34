import Glibc

/// The time on a clock that never jumps; only differences mean anything (clock_gettime(2), CLOCK_MONOTONIC).
///
/// Swift's `ContinuousClock` would bring its concurrency and libdispatch into the program, and every CGI request would wait
/// for them to start.
package func monotonicTime() -> Duration {
  let time = monotonic()
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

/// The same in milliseconds.
package func monotonicMilliseconds() -> Int64 {
  let time = monotonic()
  return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

private func monotonic() -> timespec {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return time
}
