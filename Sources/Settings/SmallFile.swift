package import DashboardSystem
import Glibc

/// Reads a file of settings or keys as a whole: at most 64 KiB.
package enum SmallFile {
  /// Why a file can't be read.
  package enum Failure: Error {
    case system(Errno)
    case tooLong
    case notText

    package var reason: String {
      switch self {
      case .system(let errno): errno.description
      case .tooLong: "longer than 64 KiB"
      case .notText: "not UTF-8"
      }
    }
  }

  private static let limit = 64 * 1024

  /// The text of a file in UTF-8.
  ///
  /// - Throws: `Failure`, also if the file is longer than 64 KiB or not UTF-8.
  package static func read(_ path: String) throws(Failure) -> [UInt8] {
    try text(of: path, { () throws(Errno) in try .open(path) })
  }

  private static func text(
    of path: String, _ open: () throws(Errno) -> FileDescriptor
  ) throws(Failure) -> [UInt8] {
    let bytes = try bytes(open)
    do { _ = try UTF8Span(validating: bytes.span) } catch { throw .notText }
    return bytes
  }

  /// The text of a regular file in UTF-8; `nil` if the file does not exist.
  ///
  /// - Throws: if the file can't be read, is not regular, is longer than 64 KiB or is not UTF-8.
  static func readIfThere(_ path: String) throws(ConfigurationError) -> [UInt8]? {
    do throws(Failure) {
      return try text(of: path, { () throws(Errno) in try .open(regular: path) })
    } catch {
      if case .system(.noSuchFileOrDirectory) = error { return nil }
      throw ConfigurationError(description: "\(path) can't be read: \(error.reason)")
    }
  }

  package static func text(_ bytes: Span<UInt8>) throws(Failure) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes))
    } catch {
      throw .notText
    }
  }

  /// The contents of a file.
  package static func bytes(_ path: String) throws(Failure) -> [UInt8] {
    try bytes { () throws(Errno) in try .open(path) }
  }

  private static func bytes(_ open: () throws(Errno) -> FileDescriptor) throws(Failure) -> [UInt8] {
    let file: FileDescriptor
    do throws(Errno) { file = try open() } catch { throw .system(error) }
    defer { file.close() }
    let bytes: [UInt8]
    do throws(Errno) { bytes = try file.readToEnd(limit: limit) } catch { throw .system(error) }
    guard bytes.count <= limit else { throw .tooLong }
    return bytes
  }
}
