import Glibc

/// A source of the current time.
public protocol TimeSource: Sendable {
  /// The current time.
  func now() -> Timestamp
}

extension Timestamp {
  /// True for a moment more than five minutes after `now`. The clock was ahead when it was recorded.
  package func isAhead(of now: Timestamp) -> Bool { self > now.adding(seconds: 5 * 60) }
}

/// The system's clock (clock_gettime(2), CLOCK_REALTIME).
public struct SystemClock: TimeSource {
  public init() {}

  public func now() -> Timestamp {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
