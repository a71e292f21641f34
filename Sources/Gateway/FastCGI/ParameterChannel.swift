import DashboardSystem
import Glibc

/// Passes parameters to libfcgi, which reads them from a descriptor only: one end of a pair of connected sockets.
///
/// One thread at a time uses it.
final class ParameterChannel {
  private var ends: (input: Int32, output: Int32)?

  /// The size that both buffers ask for: the records with the longest parameters, and what the system counts beyond their bytes.
  /// It grants net.core.wmem_max at most, whose default is larger than the records too.
  private static let bufferBytes: Int32 = 256 * 1024

  init() throws(SystemError) {
    guard open() != nil else { throw SystemError("socketpair") }
  }

  deinit { close() }

  /// Sends the records of a request's beginning and parameters.
  ///
  /// - Returns: the descriptor that has them all; `nil` for a system error.
  func send(_ records: Span<UInt8>) -> Int32? {
    guard let ends = ends ?? open() else { return nil }
    guard FileDescriptor(rawValue: ends.output).sendAtOnce(records) else {
      close()
      return nil
    }
    return ends.input
  }

  /// Notes that libfcgi failed and has closed the descriptor that it got.
  func lost() {
    if let ends { Glibc.close(ends.output) }
    ends = nil
  }

  private func open() -> (input: Int32, output: Int32)? {
    var pair: [Int32] = [-1, -1]
    // Without data, libfcgi fails instead of waiting.
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &pair) == 0 else { return nil }
    for (descriptor, option) in [(pair[0], SO_RCVBUF), (pair[1], SO_SNDBUF)] {
      var size = Self.bufferBytes
      _ = unsafe setsockopt(descriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    ends = (pair[0], pair[1])
    return ends
  }

  private func close() {
    if let ends {
      Glibc.close(ends.input)
      Glibc.close(ends.output)
    }
    ends = nil
  }
}
