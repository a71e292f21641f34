import CDashboardLinux
import DashboardSystem
import Glibc

/// An epoll set (epoll(7)): which descriptors have something to read. Closed at the end of its life.
struct Poller: ~Copyable {
  private let descriptor: Int32

  init() throws(SystemError) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw SystemError("epoll_create1") }
  }

  deinit { close(descriptor) }

  /// How a descriptor is watched.
  enum Watch {
    /// Reported as long as there is something to read; of several sets that watch it, one is woken.
    case shared
    /// Reported once for each arrival, so that an answer given on the spot costs no further call.
    case arrivals
    /// Reported as long as there is something to read.
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

  /// What is known of a descriptor that is ready.
  struct Readiness {
    let descriptor: Int32
    /// The peer sends no more; what it has sent may still wait to be read.
    let hasPeerEnded: Bool
  }

  /// Waits for at most that many milliseconds (-1: as long as it takes) and appends what is ready.
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
