internal import Glibc

/// The signals that end the responder, taken by the main thread alone (signal(7), sigwait(3)).
enum Signals {
  /// For threads other than the main one.
  static func blockAll() {
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
  }

  /// Before any thread starts, and after `FCGX_Init`, which installs handlers of its own.
  static func prepare() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGUSR1, SIG_DFL)
    withTerminating { set in
      for number in [SIGTERM, SIGINT] { _ = signal(number, SIG_DFL) }
      unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }
  }

  /// Waits until SIGTERM or SIGINT comes, or until the milliseconds have passed; true if a signal came.
  static func waitForTermination(milliseconds: Int64?) -> Bool {
    withTerminating { set in
      guard let milliseconds else {
        var number: Int32 = 0
        return unsafe sigwait(&set, &number) == 0
      }
      var time = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
      return unsafe sigtimedwait(&set, nil, &time) > 0
    }
  }

  private static func withTerminating<Result>(_ body: (inout sigset_t) -> Result) -> Result {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGTERM)
    unsafe sigaddset(&set, SIGINT)
    return body(&set)
  }
}
