import Glibc

/// The processor time of one body of work as a part of another's, measured in turns so that a machine that grows slower
/// or faster meanwhile does so to both.
///
/// Other work on the machine makes single measurements wrong (caches, shared cores, a changed clock rate), never all of
/// them, and never in favour of one side for long. So the pairs are repeated until the two distributions agree with
/// `expected` at their lower quartile and their median, 60 pairs at most; what they are then is the answer, which a test
/// holds against `expected`. Work that is really left out or done twice stays outside however often it is measured.
/// - Returns: the first body's time divided by the second's, at the quartile or median that is farther from 1.
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

/// What `body` costs this thread on the processor, which other threads' work does not add to.
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
