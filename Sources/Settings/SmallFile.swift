import Glibc

/// A file of settings or keys, whole.
package enum SmallFile {
  /// Why it can't be read.
  package enum Failure: Error {
    /// By errno(3).
    case system(Int32)
    case tooLong
    case notText

    package var reason: String {
      switch self {
      case .system(let code): SmallFile.systemReason(code)
      case .tooLong: "longer than 64 KiB"
      case .notText: "not UTF-8"
      }
    }
  }

  private static let limit = 64 * 1024

  /// Its text in UTF-8: bytes, for CGI's sake (CONTRIBUTING.md).
  ///
  /// - Throws: `Failure`, also for a file longer than 64 KiB and for one that is not UTF-8.
  package static func read(_ path: String) throws(Failure) -> [UInt8] {
    try checked(bytes(path))
  }

  /// The text of a file of settings or keys, likewise; `nil` if there is no such file.
  ///
  /// - Parameter parts: of its path, which become one String only if something is wrong: one of 64 bytes or more costs a CGI
  ///   process much (docs/history/performance.md).
  /// - Throws: if it can't be read, is longer than 64 KiB or not UTF-8.
  static func readIfThere(_ parts: [String]) throws(ConfigurationError) -> [UInt8]? {
    var path: [UInt8] = []
    for part in parts { path += part.utf8 }
    path.append(0)
    do throws(Failure) {
      let descriptor = unsafe path.withUnsafeBufferPointer { path in
        unsafe path.withMemoryRebound(to: CChar.self) { path in
          unsafe path.baseAddress.map { unsafe open($0, flags) } ?? -1
        }
      }
      return try checked(bytes(openedAs: descriptor))
    } catch {
      if case .system(ENOENT) = error { return nil }
      throw ConfigurationError(description: "\(parts.joined()) can't be read: \(error.reason)")
    }
  }

  private static func checked(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    do { _ = try UTF8Span(validating: bytes.span) } catch { throw .notText }
    return bytes
  }

  package static func text(_ bytes: Span<UInt8>) throws(Failure) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes))
    } catch {
      throw .notText
    }
  }

  /// - Throws: `Failure`, also for a file longer than 64 KiB.
  package static func bytes(_ path: String) throws(Failure) -> [UInt8] {
    try bytes(openedAs: unsafe open(path, flags))
  }

  private static let flags = O_RDONLY | O_CLOEXEC

  /// - Parameter descriptor: what open(2) gave, right before.
  private static func bytes(openedAs descriptor: Int32) throws(Failure) -> [UInt8] {
    guard descriptor >= 0 else { throw .system(errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    // A pipe gives it in pieces, too.
    while bytes.count <= limit {
      let count = unsafe Glibc.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(errno) }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    guard bytes.count <= limit else { throw .tooLong }
    return bytes
  }

  /// An error of the system, the last one if not another, in its words.
  static func systemReason(_ code: Int32 = errno) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
