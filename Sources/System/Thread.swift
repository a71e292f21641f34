import CDashboardLinux
import Glibc

/// A detached thread (pthreads(7)).
package enum Thread {
  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void
    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }

  /// The stack of a thread in bytes of address space. Only touched pages use memory.
  package static let stackSize = 512 * 1024

  /// The number of the processor that runs this thread at the moment (sched_getcpu(3)).
  package static var processor: Int { max(0, Int(sched_getcpu())) }

  /// Starts a thread with every signal blocked, so that only the main thread receives signals.
  ///
  /// - Parameter name: shown by `top -H`; cut after 15 characters.
  /// - Returns: false if the system has no thread left.
  package static func start(name: String, _ run: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    unsafe pthread_attr_setstacksize(&attributes, stackSize)

    let body = unsafe Unmanaged.passRetained(Body(name: name, run: run))
    var thread = pthread_t()
    let result = unsafe pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        blockSignals()
        _ = unsafe pthread_setname_np(pthread_self(), String(body.name.prefix(15)))
        body.run()
        return nil
      }, body.toOpaque())
    if result != 0 { unsafe body.release() }
    return result == 0
  }
}

private func blockSignals() {
  var all = sigset_t()
  unsafe sigfillset(&all)
  unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
}
