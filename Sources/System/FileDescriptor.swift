import CDashboardLinux
import Glibc

/// The number of an open file, socket or pipe. It owns nothing: `close` is its owner's to call.
package struct FileDescriptor: RawRepresentable, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  package static let standardInput = FileDescriptor(rawValue: STDIN_FILENO)
  package static let standardOutput = FileDescriptor(rawValue: STDOUT_FILENO)
  package static let standardError = FileDescriptor(rawValue: STDERR_FILENO)

  /// Opens a file to read it. It is closed at exec(3).
  ///
  /// The corresponding C function is `open`.
  package static func open(_ path: String) throws(Errno) -> FileDescriptor {
    try open(path, O_RDONLY)
  }

  /// Opens a regular file to read it, also behind a symbolic link.
  ///
  /// - Throws: `notRegular` for a directory, a pipe or a device. Opening a pipe without a writer would wait.
  ///
  /// The corresponding C function is `open` with `O_NONBLOCK`.
  package static func open(regular path: String) throws(Errno) -> FileDescriptor {
    try regular(open(path, O_RDONLY | O_NONBLOCK))
  }

  private static func regular(_ file: FileDescriptor) throws(Errno) -> FileDescriptor {
    if file.isRegularFile { return file }
    file.close()
    throw Errno.notRegular
  }

  /// Opens a directory, for example to `sync` it.
  ///
  /// The corresponding C function is `open` with `O_DIRECTORY`.
  package static func open(directory path: String) throws(Errno) -> FileDescriptor {
    try open(path, O_RDONLY | O_DIRECTORY)
  }

  /// Opens a regular file beneath a directory to read it. No part of the path may be a symbolic link, so that it leads nowhere else.
  ///
  /// - Throws: `notRegular` for a directory, a pipe or a device; ELOOP for a link.
  ///
  /// The corresponding C function is `openat` with `O_NOFOLLOW`.
  package static func open(_ path: String, beneath directory: FileDescriptor) throws(Errno) -> FileDescriptor
  {
    func opened(_ name: String, _ flags: Int32) throws(Errno) -> FileDescriptor {
      let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | flags
      let number = try valueOrErrno { unsafe Int(openat(directory.rawValue, name, flags)) }
      return FileDescriptor(rawValue: Int32(number))
    }
    if let slash = path.firstIndex(of: "/") {
      let folder = try opened(String(path[..<slash]), O_DIRECTORY)
      defer { folder.close() }
      return try open(String(path[path.index(after: slash)...]), beneath: folder)
    }
    return try regular(opened(path, O_NONBLOCK))
  }

  /// Creates a file to write it, with mode 0600.
  ///
  /// - Throws: `fileExists` if the path exists, even as a symbolic link.
  ///
  /// The corresponding C function is `open` with `O_CREAT | O_EXCL`.
  package static func create(_ path: String) throws(Errno) -> FileDescriptor {
    try open(path, O_WRONLY | O_CREAT | O_EXCL)
  }

  /// Opens a file to read and write it. Creates a missing one with mode 0600.
  ///
  /// The corresponding C function is `open` with `O_CREAT`.
  package static func openOrCreate(_ path: String) throws(Errno) -> FileDescriptor {
    try open(path, O_RDWR | O_CREAT)
  }

  private static func open(_ path: String, _ flags: Int32) throws(Errno) -> FileDescriptor {
    FileDescriptor(
      rawValue: Int32(try valueOrErrno { unsafe Int(Glibc.open(path, flags | O_CLOEXEC, 0o600 as mode_t)) }))
  }

  /// True for a regular file, which takes every write at once (fstat(2), S_IFREG).
  package var isRegularFile: Bool {
    var status = stat()
    return unsafe fstat(rawValue, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// In bytes; 0 if it can't be told (fstat(2)).
  package var length: Int {
    var status = stat()
    return unsafe fstat(rawValue, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The corresponding C function is `close`.
  package func close() { _ = Glibc.close(rawValue) }

  /// Waits until the contents, or the names in a directory, are on the disk.
  ///
  /// The corresponding C function is `fsync`.
  package func sync() throws(Errno) { _ = try valueOrErrno { Int(fsync(rawValue)) } }

  /// Reserves the blocks of the file's first `count` bytes, or of the whole file if it is longer. Its length and contents stay.
  ///
  /// The corresponding C function is `fallocate` with `FALLOC_FL_KEEP_SIZE`. `posix_fallocate` would change the length, and
  /// write into the file where the file system can't reserve blocks.
  package func reserve(_ count: Int) throws(Errno) {
    var status = stat()
    _ = try valueOrErrno { unsafe Int(fstat(rawValue, &status)) }
    let wanted = max(count, Int(status.st_size))
    // Blocks of 512 bytes (stat(3type)). Usually all are there.
    if wanted / 512 < Int(status.st_blocks) { return }
    _ = try valueOrErrno { Int(dashboard_reserve(rawValue, off_t(wanted))) }
  }

  /// Waits for the exclusive lock on the open file, which other processes respect only by asking for it too.
  ///
  /// The corresponding C function is `flock` with `LOCK_EX`.
  package func lock() throws(Errno) { _ = try valueOrErrno { Int(flock(rawValue, LOCK_EX)) } }

  /// Takes that lock only if it is free.
  ///
  /// - Returns: false if another process has it, or if the file can't be locked.
  ///
  /// The corresponding C function is `flock` with `LOCK_EX | LOCK_NB`.
  package func tryLock() -> Bool { flock(rawValue, LOCK_EX | LOCK_NB) == 0 }

  /// Gives up the lock that `lock` took.
  ///
  /// The corresponding C function is `flock` with `LOCK_UN`.
  package func unlock() { _ = flock(rawValue, LOCK_UN) }
}
