import Glibc
import TestSupport

/// What clients see of session checks, and what these cost the responder.
struct Load {
  let requestsPerSecond: Double
  /// Latencies in microseconds.
  let median: Double
  let percentile99: Double
  /// Processor time of the responder for each request, in microseconds, user and system; 0 if it is not known whose.
  let cpu: Double

  /// Runs wrk, one thread, for so many seconds.
  ///
  /// - Parameters:
  ///   - clients: connections, each of which sends its next request when it has its answer.
  ///   - isKept: whether connections are kept, the clients' and nginx's; otherwise every request has its own of both.
  ///   - meanwhile: called over and over until wrk is done.
  init(
    _ responders: Responders, _ road: Road, clients: Int = 64, seconds: Int = 1, isKept: Bool = true,
    meanwhile: () throws -> Void = {}
  ) throws {
    let process = responders.process(road)
    let before = process?.processorMicroseconds ?? 0
    let wrk = try ChildProcess(
      [
        "/usr/bin/wrk", "-t1", "-c\(clients)", "-d\(seconds)s", "-s", Baselines.source("session-checks.lua"),
        "http://127.0.0.1:\(responders.port(road, isKept: isKept))/", "--", responders.signedIn.listing,
      ] + (isKept ? [] : ["close"]))
    while wrk.isRunning {
      try meanwhile()
      usleep(2000)
    }
    let ending = wrk.wait()
    let line = ending.output.split(separator: "\n").first { $0.hasPrefix("result ") }
    let figures = (line ?? "").split(separator: " ").compactMap { Double($0) }
    guard figures.count == 6, figures[0] > 0, figures[2] == 0 else {
      throw TestFailure("wrk at \(road.rawValue): \(ending.output)\(ending.errors)")
    }
    requestsPerSecond = figures[0] / figures[1] * 1e6
    (median, percentile99) = (figures[3], figures[4])
    cpu = ((process?.processorMicroseconds ?? 0) - before) / figures[0]
  }
}

extension ChildProcess {
  /// Processor time of all its threads so far, those that have ended too (clock_getcpuclockid(3)).
  var processorMicroseconds: Double {
    var clock = clockid_t()
    var time = timespec()
    guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else { return .nan }
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }

  /// Memory that is its own alone and no file's (RssAnon of proc(5)), in bytes.
  var anonymousBytes: Int {
    get throws {
      let line = try Files.text("/proc/\(pid)/status").split(separator: "\n").first {
        $0.hasPrefix("RssAnon:")
      }
      return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
  }
}
