import CDashboardLinux
import DashboardSystem
import Glibc

/// Wakes a thread that waits in a poller (eventfd(2)).
struct Waker: ~Copyable, Sendable {
  let descriptor: Int32

  init() throws(SystemError) {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard descriptor >= 0 else { throw SystemError("eventfd") }
  }

  deinit { close(descriptor) }

  func wake() { _ = eventfd_write(descriptor, 1) }

  func reset() {
    var value: eventfd_t = 0
    _ = unsafe eventfd_read(descriptor, &value)
  }
}
