import Glibc

/// A counting semaphore that begins at 0 (sem_overview(7)).
///
/// Safe to share: it stays at one address from `init` to `deinit`.
@safe package final class Semaphore: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  package init() {
    unsafe semaphore = .allocate(capacity: 1)
    unsafe semaphore.initialize(to: sem_t())
    unsafe sem_init(semaphore, 0, 0)
  }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  package func post() { unsafe sem_post(semaphore) }

  /// Waits for one `post`. Signals do not end the wait.
  package func wait() { while unsafe sem_wait(semaphore) != 0 {} }
}
