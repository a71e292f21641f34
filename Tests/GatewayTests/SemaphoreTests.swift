import DashboardSystem
import Glibc
import Synchronization
import TestSupport
import Testing

private let handled = Atomic(0)

@Suite("Semaphores")
struct SemaphoreTests {
  /// A thread that returned without a `post` would make the write queue run a piece twice.
  @Test("a signal does not end a wait")
  func signal() throws {
    // Without SA_RESTART, so that sem_wait(3) returns.
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in handled.add(1, ordering: .relaxed) }
    sigaction(SIGUSR2, &action, nil)
    let semaphore = Semaphore()
    let waiter = Atomic<UInt>(0)
    let hasReturned = Atomic(false)
    _ = try Threads.run(2) { number in
      if number == 0 {
        // The test runner's threads block signals, and new threads inherit that.
        var signals = sigset_t()
        sigaddset(&signals, SIGUSR2)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        waiter.store(pthread_self(), ordering: .releasing)
        semaphore.wait()
        hasReturned.store(true, ordering: .releasing)
      } else {
        let hasBegun = eventually { waiter.load(ordering: .acquiring) != 0 }
        let isHandled =
          hasBegun
          && eventually {
            pthread_kill(waiter.load(ordering: .acquiring), SIGUSR2)
            return handled.load(ordering: .relaxed) >= 20
          }
        let returnedEarly = hasReturned.load(ordering: .acquiring)
        #expect(isHandled && !returnedEarly)
        semaphore.post()
      }
    }
    let returned = hasReturned.load(ordering: .acquiring)
    #expect(returned)
  }
}
