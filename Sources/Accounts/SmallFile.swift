import Glibc

/// A file of settings or keys, whole.
enum SmallFile {
  /// Why it can't be read.
  struct Failure: Error {
    let reason: String
    /// There is none.
    let isMissing: Bool
  }

  private static let limit = 64 * 1024

  /// - Throws: `Failure`, also for a file longer than 64 KiB and for one that is not UTF-8.
  static func read(_ path: String) throws(Failure) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemFailure }
    defer { close(descriptor) }
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit + 1) { buffer, initialized in
      count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      initialized = max(0, count)
    }
    guard count >= 0 else { throw systemFailure }
    guard count <= limit else { throw Failure(reason: "longer than 64 KiB", isMissing: false) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(reason: "not UTF-8", isMissing: false)
    }
    return text
  }

  /// The last error of the system (errno(3)), in its words.
  static var systemReason: String {
    unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
  }

  private static var systemFailure: Failure { Failure(reason: systemReason, isMissing: errno == ENOENT) }
}
