import CDashboardLinux
import Glibc

/// Signals that this process takes in its own time. They are blocked until `close`.
///
/// Only for a process with one thread: another thread could get the signals (signalfd(2)).
package struct SignalQueue: ~Copyable {
  private let file: FileDescriptor
  private var blocked = sigset_t()
  private var former = sigset_t()

  package init(_ numbers: [Int32]) throws(SystemError) {
    unsafe sigemptyset(&blocked)
    for number in numbers { unsafe sigaddset(&blocked, number) }
    let descriptor = unsafe signalfd(-1, &blocked, Int32(SFD_CLOEXEC))
    guard descriptor >= 0 else { throw SystemError("watch signals") }
    file = FileDescriptor(rawValue: descriptor)
    unsafe pthread_sigmask(SIG_BLOCK, &blocked, &former)
  }

  /// Waits until a descriptor has something to read, or has come to its end.
  ///
  /// - Returns: the number of a signal that came first; `nil` if none did.
  package func wait(for descriptor: FileDescriptor) throws(SystemError) -> Int32? {
    var states = [descriptor, file].map { pollfd(fd: $0.rawValue, events: Int16(POLLIN), revents: 0) }
    guard unsafe poll(&states, 2, -1) > 0 else { throw SystemError("wait for a line") }
    guard states[1].revents != 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: MemoryLayout<signalfd_siginfo>.size)
    do throws(Errno) { _ = try file.read(into: &bytes) } catch { throw SystemError("read a signal", error) }
    // Its first field is the number, an unsigned integer of 32 bits.
    return Int32(bytes[0])
  }

  /// Does what the signal does without this queue: it can end this process, or stop it for a time.
  package mutating func deliver(_ number: Int32) {
    unsafe pthread_sigmask(SIG_SETMASK, &former, nil)
    raise(number)
    unsafe pthread_sigmask(SIG_BLOCK, &blocked, nil)
  }

  package func close() {
    file.close()
    var former = former
    unsafe pthread_sigmask(SIG_SETMASK, &former, nil)
  }
}
