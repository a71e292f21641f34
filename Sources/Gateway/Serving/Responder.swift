import CDashboardFastCGI
package import DashboardSystem
import Glibc

/// A FastCGI responder: its event threads, its worker pools, and its shutdown.
package final class Responder: Sendable {
  package struct Options: Sendable {
    /// 1 or more; the number of cores is a good choice.
    package var eventThreads = 1
    /// 1 or more; the number of cores is a good choice.
    package var hashingThreads = 1
    /// 1 or more: the number of hashes that run at full speed at once.
    package var cores = Int.max
    /// The longest body that reaches the application, in bytes. A longer one is discarded.
    package var bodyLimit = 2_000_000
    package var timing = Timing()

    package init() {}
  }

  private let listener: Listener
  private let context: ResponderContext
  private let loops: [EventLoop]
  private let options: Options
  private let running: Monitor
  private let count: Count

  private final class Count: @unchecked Sendable { var value = 0 }

  /// Starts the event threads, which answer requests from now on.
  package init(listener: Listener, application: any Application, options: Options) throws(SystemError) {
    FCGX_Init()
    self.listener = listener
    self.options = options
    let context = ResponderContext(application: application, options: options)
    self.context = context
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

  /// Blocks SIGTERM, SIGINT and SIGHUP for `waitForTermination`, and ignores SIGPIPE. The main thread calls this before it starts
  /// others.
  package static func takeSignals() {
    // libfcgi installs signal handlers there, which `prepare` replaces.
    FCGX_Init()
    Signals.prepare()
  }

  /// Returns when SIGTERM or SIGINT has arrived.
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

  /// The queues of the worker pools.
  package var queues: [QueueState] { context.queues }

  /// Stops accepting, and answers on kept connections until the web server has closed them or the time is up.
  ///
  /// The web server closes them, since closing one here could lose a request that is on its way.
  ///
  /// - Returns: true if all were closed in time.
  package func stop() -> Bool {
    listener.withdraw()
    for loop in loops { loop.stop() }
    let deadline = monotonicMilliseconds() + options.timing.shutdown
    return running.waitUntil(deadline: deadline) { count.value == 0 }
  }
}
