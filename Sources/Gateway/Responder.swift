import CDashboardFastCGI
package import DashboardSystem
import Glibc

/// A FastCGI responder: event threads, lanes, and the way they end.
package final class Responder: Sendable {
  package struct Options: Sendable {
    /// 1 or more; as many as cores is right.
    package var eventThreads = 1
    /// 1 or more; as many as cores is right.
    package var hashingThreads = 1
    /// 1 or more: so many hashes are made in the time of one.
    package var cores = Int.max
    /// Bytes of a body that are kept; a longer one reaches the application without it.
    package var bodyLimit = 2_000_000
    package var timing = Timing()

    package init() {}
  }

  private let listener: Listener
  private let loops: [EventLoop]
  private let options: Options
  private let running: Monitor
  private let count: Count

  private final class Count: @unchecked Sendable { var value = 0 }

  /// Starts the event threads; requests are answered from now on.
  package init(listener: Listener, application: any Application, options: Options) throws(SystemError) {
    FCGX_Init()
    self.listener = listener
    self.options = options
    let context = ResponderContext(application: application, options: options)
    var loops: [EventLoop] = []
    for _ in 0..<max(1, options.eventThreads) {
      loops.append(try EventLoop(context: context, listener: listener))
    }
    self.loops = loops
    let running = Monitor()
    let count = Count()
    self.running = running
    self.count = count
    for loop in loops {
      running.withLock { count.value += 1 }
      let isStarted = Thread.start(name: "event") {
        loop.run()
        running.withLock { count.value -= 1 }
        running.signal()
      }
      guard isStarted else { throw SystemError("pthread_create", .wouldBlock) }
    }
  }

  /// Makes SIGTERM, SIGINT and SIGHUP wait for `waitForTermination`, and ignores SIGPIPE. By the program's main thread, before
  /// any other starts.
  package static func takeSignals() {
    // libfcgi installs handlers of its own there.
    FCGX_Init()
    Signals.prepare()
  }

  /// Returns when SIGTERM or SIGINT has come.
  ///
  /// - Parameter hangUp: called for each SIGHUP until then.
  package static func waitForTermination(hangUp: () -> Void) {
    while true {
      switch Signals.wait() {
      case SIGTERM, SIGINT: return
      case SIGHUP: hangUp()
      default: continue
      }
    }
  }

  /// Stops accepting and keeps answering on kept connections, until the web server has closed them all or the
  /// time is up. True: all were closed.
  ///
  /// The web server closes them: ending one of ours at a moment when it sends its next request would lose that.
  package func stop() -> Bool {
    listener.withdraw()
    for loop in loops { loop.stop() }
    let deadline = monotonicMilliseconds() + options.timing.shutdown
    return running.waitUntil(deadline: deadline) { count.value == 0 }
  }
}
