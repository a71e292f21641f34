import Glibc

extension FileDescriptor {
  /// Reads at most `limit` bytes into the start of a buffer, and waits for the first one.
  ///
  /// - Returns: the number of bytes, at most `buffer.count`; 0 at the end of the file.
  ///
  /// The corresponding C function is `read`.
  package func read(into buffer: inout [UInt8], limit: Int = .max) throws(Errno) -> Int {
    try valueOrErrno {
      unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe Glibc.read(rawValue, bytes.baseAddress, min(limit, bytes.count))
      }
    }
  }

  /// Reads to the end of the file. A pipe gives its bytes in pieces of any size.
  ///
  /// - Parameter limit: reading stops once more bytes than this have been read.
  /// - Returns: all bytes; more than `limit` if the file is longer.
  package func readToEnd(limit: Int = .max) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= limit {
      let count = try read(into: &piece)
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return bytes
  }

  /// The bytes at a place of a file.
  ///
  /// - Throws: `inputOutputError` also if the file ends before.
  ///
  /// The corresponding C function is `pread`.
  package func read(_ count: Int, at place: Int) throws(Errno) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let read = try valueOrErrno {
      unsafe bytes.withUnsafeMutableBytes { unsafe pread(rawValue, $0.baseAddress, count, place) }
    }
    guard read == count else { throw Errno.inputOutputError }
    return bytes
  }

  /// Receives bytes from a socket into a buffer, from `offset` to its end.
  ///
  /// - Parameter flags: of recv(2), such as `MSG_PEEK`.
  /// - Returns: the number of bytes; 0 if the peer sends no more.
  /// - Throws: `wouldBlock` if nothing arrived within the socket's timeout, or with `MSG_DONTWAIT` if nothing is here.
  ///
  /// The corresponding C function is `recv`.
  package func receive(
    into buffer: inout [UInt8], from offset: Int = 0, flags: Int32 = 0
  ) throws(Errno) -> Int {
    precondition((0...buffer.count).contains(offset), "the offset must be within the buffer")
    return try valueOrErrno {
      unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe recv(rawValue, bytes.baseAddress?.advanced(by: offset), bytes.count - offset, flags)
      }
    }
  }

  /// Writes as many of the bytes as one call takes.
  ///
  /// - Returns: their number; at least 1, unless there are no bytes.
  ///
  /// The corresponding C function is `write`.
  package func write(_ bytes: Span<UInt8>) throws(Errno) -> Int {
    let count = try valueOrErrno {
      unsafe bytes.withUnsafeBytes { unsafe Glibc.write(rawValue, $0.baseAddress, $0.count) }
    }
    // write(2) promises progress or an error, but not every driver keeps that.
    guard count > 0 || bytes.isEmpty else { throw Errno.inputOutputError }
    return count
  }

  /// Writes all bytes, however many calls of write(2) that takes.
  ///
  /// - Throws: the error of the call that failed. Some bytes may have been written by then.
  package func writeAll(_ bytes: Span<UInt8>) throws(Errno) {
    var rest = bytes
    while !rest.isEmpty { rest = rest.extracting(droppingFirst: try write(rest)) }
  }

  /// Waits until a write would take at least a byte, or fail at once.
  ///
  /// - Parameter deadline: in monotonic milliseconds; `nil` for no end.
  /// - Returns: false if the deadline has passed.
  ///
  /// The corresponding C function is `poll` with `POLLOUT`.
  package func waitUntilWritable(deadline: Int64?) -> Bool {
    while true {
      let rest = deadline.map { max(0, $0 - monotonicMilliseconds()) }
      var state = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
      if unsafe poll(&state, 1, rest.map { Int32(clamping: $0) } ?? -1) > 0 { return true }
      if rest == 0 { return false }
    }
  }
}

/// Whole files by their paths.
package enum File {
  /// The contents of a regular file.
  ///
  /// - Throws: `open PATH` or `read PATH`, with the error number.
  package static func read(_ path: String) throws(SystemError) -> [UInt8] {
    let file = try named("open \(path)") { () throws(Errno) in try FileDescriptor.open(regular: path) }
    defer { file.close() }
    return try named("read \(path)") { () throws(Errno) in try file.readToEnd() }
  }

  /// Creates a file with mode 0600 whose contents are on the disk when this returns. Its name may not be yet: see
  /// `syncDirectory`.
  ///
  /// - Throws: `create PATH` or `write PATH`, with the error number: `fileExists` if the path exists. A file that could not be
  ///   written is removed.
  package static func create(_ path: String, contents: [UInt8]) throws(SystemError) {
    let file = try named("create \(path)") { () throws(Errno) in try FileDescriptor.create(path) }
    defer { file.close() }
    do throws(Errno) {
      try file.writeAll(contents.span)
      try file.sync()
    } catch {
      unsafe unlink(path)
      throw SystemError("write \(path)", error)
    }
  }

  /// Waits until the names in a directory are on the disk: those of files that were created, renamed or removed there.
  ///
  /// - Throws: `sync PATH`, with the error number.
  package static func syncDirectory(_ path: String) throws(SystemError) {
    try named("sync \(path)") { () throws(Errno) in
      let directory = try FileDescriptor.open(directory: path)
      defer { directory.close() }
      try directory.sync()
    }
  }

  /// A directory's path without the slashes at its end, so that it can be extended to another name.
  package static func withoutTrailingSlashes(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// The path without symbolic links; `nil` if it leads to nothing.
  ///
  /// The corresponding C function is `realpath`.
  package static func resolved(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(validatingCString: resolved)
  }

  private static func named<Result>(
    _ operation: @autoclosure () -> String, _ body: () throws(Errno) -> Result
  ) throws(SystemError) -> Result {
    do throws(Errno) { return try body() } catch { throw SystemError(operation(), error) }
  }
}
