import Glibc
import TestSupport

/// The rate and latency of session checks under load, and their cost for the responder.
struct Load {
  let requestsPerSecond: Double
  /// Latencies in microseconds.
  let median: Double
  let percentile99: Double
  /// The responder's processor time for one request in microseconds, user and system. 0 if the backend has no single process.
  let cpu: Double

  /// Runs wrk with one thread.
  ///
  /// - Parameters:
  ///   - clients: connections. Each sends its next request after the response to the previous one.
  ///   - isKept: true keeps the connections of clients and of nginx. False opens both anew for each request.
  ///   - meanwhile: called repeatedly until wrk ends.
  init(
    _ responders: Responders, _ backend: Backend, clients: Int = 64, seconds: Int = 1, isKept: Bool = true,
    meanwhile: () throws -> Void = {}
  ) throws {
    let process = responders.process(backend)
    let before = process?.processorMicroseconds ?? 0
    let wrk = try ChildProcess(
      [
        "/usr/bin/wrk", "-t1", "-c\(clients)", "-d\(seconds)s", "-s", Baselines.source("session-checks.lua"),
        "http://127.0.0.1:\(responders.port(backend, isKept: isKept))/", "--", responders.signedIn.listing,
      ] + (isKept ? [] : ["close"]))
    while wrk.isRunning {
      try meanwhile()
      usleep(2000)
    }
    let ending = wrk.wait()
    let line = ending.output.split(separator: "\n").first { $0.hasPrefix("result ") }
    let figures = (line ?? "").split(separator: " ").compactMap { Double($0) }
    guard figures.count == 6, figures[0] > 0, figures[2] == 0 else {
      throw TestFailure("wrk at \(backend.rawValue): \(ending.output)\(ending.errors)")
    }
    requestsPerSecond = figures[0] / figures[1] * 1e6
    (median, percentile99) = (figures[3], figures[4])
    cpu = ((process?.processorMicroseconds ?? 0) - before) / figures[0]
  }
}

extension ChildProcess {
  /// Processor time of all its threads, including ended ones (clock_getcpuclockid(3)).
  var processorMicroseconds: Double {
    var clock = clockid_t()
    var time = timespec()
    guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else { return .nan }
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }

  /// Resident memory that no file backs (RssAnon of proc(5)), in bytes.
  var anonymousBytes: Int {
    get throws {
      let line = try Files.text("/proc/\(pid)/status").split(separator: "\n").first {
        $0.hasPrefix("RssAnon:")
      }
      return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
  }
}
