import Glibc

/// A file of settings or keys, whole.
enum SmallFile {
  /// Why it can't be read.
  enum Failure: Error {
    /// By errno(3).
    case system(Int32)
    case tooLong
    case notText

    /// There is none.
    var isMissing: Bool {
      if case .system(ENOENT) = self { true } else { false }
    }

    var reason: String {
      switch self {
      case .system(let code): SmallFile.systemReason(code)
      case .tooLong: "longer than 64 KiB"
      case .notText: "not UTF-8"
      }
    }
  }

  private static let limit = 64 * 1024

  /// - Throws: `Failure`, also for a file longer than 64 KiB and for one that is not UTF-8.
  static func read(_ path: String) throws(Failure) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(errno) }
    defer { close(descriptor) }
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit + 1) { buffer, initialized in
      // A pipe gives it in pieces.
      repeat {
        let rest = unsafe buffer.baseAddress.map { unsafe $0 + initialized }
        count = unsafe Glibc.read(descriptor, rest, buffer.count - initialized)
        initialized += max(0, count)
      } while count > 0 || count < 0 && errno == EINTR
    }
    guard count == 0 else { throw .system(errno) }
    guard bytes.count <= limit else { throw .tooLong }
    do {
      return String(copying: try UTF8Span(validating: bytes.span))
    } catch {
      throw .notText
    }
  }

  /// An error of the system, the last one if not another, in its words.
  static func systemReason(_ code: Int32 = errno) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
