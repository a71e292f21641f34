import Glibc

/// The signals that end or reload the responder. Only the main thread takes them (signal(7), sigwait(3)).
enum Signals {
  /// Call it before any thread starts, and after `FCGX_Init`, which installs its own handlers.
  static func prepare() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGUSR1, SIG_DFL)
    withOurs { set in
      for number in [SIGTERM, SIGINT, SIGHUP] { _ = signal(number, SIG_DFL) }
      unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }
  }

  /// Waits for SIGTERM, SIGINT or SIGHUP; `nil` if the wait failed.
  static func wait() -> Int32? {
    withOurs { set in
      var number: Int32 = 0
      return unsafe sigwait(&set, &number) == 0 ? number : nil
    }
  }

  private static func withOurs<Result>(_ body: (inout sigset_t) -> Result) -> Result {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, number) }
    return body(&set)
  }
}
