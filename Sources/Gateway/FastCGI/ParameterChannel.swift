import CDashboardLinux
import DashboardSystem
import Glibc

/// Passes parameters to libfcgi, which reads them from a descriptor only: the output of a pipe.
///
/// One thread at a time uses it.
final class ParameterChannel {
  private var ends: (input: Int32, output: Int32)?

  /// In bytes, for the records with the longest parameters: the default of 64 KiB is a few bytes too small (pipe(7)).
  private static let capacity: Int32 = 128 * 1024

  init() throws(SystemError) {
    guard open() != nil else { throw SystemError("pipe2") }
  }

  deinit { close() }

  /// Sends the records of a request's beginning and parameters.
  ///
  /// - Returns: the descriptor that has them all; `nil` for a system error.
  func send(_ records: Span<UInt8>) -> Int32? {
    guard let ends = ends ?? open() else { return nil }
    let written = unsafe records.withUnsafeBytes { unsafe write(ends.output, $0.baseAddress, $0.count) }
    guard written == records.count else {
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
    guard unsafe pipe2(&pair, O_CLOEXEC | O_NONBLOCK) == 0 else { return nil }
    // A refusal, of a user with very many pipes, leaves room for all but the longest parameters.
    _ = dashboard_set_pipe_size(pair[1], Self.capacity)
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
