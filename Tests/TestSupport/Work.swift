import Glibc

/// The processor time of one body of work relative to another. They are measured in turns, so that a change of the machine's
/// speed affects both.
///
/// Other work on the machine disturbs single measurements (caches, shared cores, a changed clock rate). It never favours one
/// side for long. So pairs are measured, at most 60 times, until the lower quartile and the median of both agree with
/// `expected`. Missing or repeated work never agrees.
///
/// - Returns: the first body's time divided by the second's, at the lower quartile or the median, whichever is farther from 1.
package func workRatio(
  within expected: Range<Double>, of first: () throws -> Void, to second: () throws -> Void
)
  rethrows -> Double
{
  var times: (first: [Int], second: [Int]) = ([], [])
  var ratio = Double.infinity
  for pair in 1...60 {
    times.first.append(try threadNanoseconds(first))
    times.second.append(try threadNanoseconds(second))
    guard pair >= 7 else { continue }
    times.first.sort()
    times.second.sort()
    let ratios = [pair / 4, pair / 2].map { Double(times.first[$0]) / Double(max(times.second[$0], 1)) }
    ratio = ratios.max { abs($0 - 1) < abs($1 - 1) } ?? .infinity
    if ratios.allSatisfy(expected.contains) { break }
  }
  return ratio
}

/// The processor time of `body` on this thread, without that of other threads.
private func threadNanoseconds(_ body: () throws -> Void) rethrows -> Int {
  func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
  let start = now()
  try body()
  return now() - start
}
