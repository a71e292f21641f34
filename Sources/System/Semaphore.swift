import Glibc

/// What one thread waits for until another has posted it, as often as that (sem_overview(7)). It begins at 0.
///
/// Safe to share: it lives at one address from `init` to `deinit`.
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

  /// A signal does not end it.
  package func wait() { while unsafe sem_wait(semaphore) != 0 {} }
}
