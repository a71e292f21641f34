import CDashboardLinux
import DashboardSystem
import Glibc

/// An epoll set (epoll(7)): reports descriptors that have something to read. It is closed at the end of its life.
struct Poller: ~Copyable {
  private let descriptor: Int32

  init() throws(SystemError) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw SystemError("epoll_create1") }
  }

  deinit { close(descriptor) }

  /// How the set watches a descriptor.
  enum Watch {
    /// Reports as long as there is something to read. Of several sets that watch the descriptor, one is woken.
    case shared
    /// Reports each arrival once, so that a response on the spot needs no further system call.
    case arrivals
    /// Reports as long as there is something to read.
    case level

    fileprivate var events: UInt32 {
      switch self {
      case .shared: EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue
      case .arrivals: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
      case .level: EPOLLIN.rawValue
      }
    }
  }

  func add(_ watched: Int32, _ watch: Watch) throws(SystemError) {
    var event = unsafe epoll_event(events: watch.events, data: epoll_data_t(fd: watched))
    guard unsafe epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event) == 0 else {
      throw SystemError("epoll_ctl")
    }
  }

  func remove(_ watched: Int32) {
    var event = unsafe epoll_event()
    _ = unsafe epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, &event)
  }

  /// The state of a descriptor that is ready.
  struct Readiness {
    let descriptor: Int32
    /// The peer sends no more. Bytes that it has sent may still be unread.
    let hasPeerEnded: Bool
  }

  /// Waits and appends the descriptors that are ready.
  ///
  /// - Parameter milliseconds: the longest wait; -1 waits without a limit.
  func wait(milliseconds: Int32, into ready: inout [Readiness]) {
    unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 64) { events in
      let count = unsafe epoll_wait(descriptor, events.baseAddress, Int32(events.count), milliseconds)
      for index in 0..<max(0, Int(count)) {
        let event = unsafe events[index]
        let hasPeerEnded = unsafe event.events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0
        unsafe ready.append(Readiness(descriptor: event.data.fd, hasPeerEnded: hasPeerEnded))
      }
    }
  }
}
