import Glibc

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

  /// Waits for SIGTERM or SIGINT; false if the wait was broken off.
  static func waitForTermination() -> Bool {
    withTerminating { set in
      var number: Int32 = 0
      return unsafe sigwait(&set, &number) == 0
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
