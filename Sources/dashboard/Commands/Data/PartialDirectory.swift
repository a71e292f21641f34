import DashboardStore
import DashboardSystem
import Glibc

/// A directory that has a temporary name until all its files are on the disk. Then it gets its own, in one step.
///
/// An empty directory that can't be replaced, such as a mount point, gets the files instead: the data file last, without which
/// no server starts there.
struct PartialDirectory {
  let path: String
  private let target: String
  private let isInside: Bool
  /// What is removed if the work fails.
  private var created: (files: [String], directories: [String]) = ([], [])
  private let lock: FileDescriptor

  /// Between a directory's name and the number of its process, until it is complete.
  static let temporary = ".partial-"
  private static let inner = "restore"

  /// True for the name of a directory that is not complete.
  static func isPartial(_ name: String) -> Bool {
    guard let process = name.split(separator: "-").last else { return false }
    return name.dropLast(process.count).hasSuffix(temporary)
  }

  /// True for the name of a directory that a process fills in its target.
  static func isInner(_ name: String) -> Bool { name.hasPrefix(inner + temporary) }

  /// Creates it with mode 0700, and removes what killed processes left next to it.
  ///
  /// - Parameters:
  ///   - isInside: true if the target is an empty directory that can't be replaced.
  ///   - names: the names that such a remainder can have. One with others is not removed.
  init(
    for target: String, isInside: Bool = false, names: [String] = BackupFolder.names
  ) throws(SystemError) {
    (self.target, self.isInside) = (target, isInside)
    path = "\(isInside ? "\(target)/\(Self.inner)" : target)\(Self.temporary)\(getpid())"
    Self.removeLeftovers(in: isInside ? target : Self.parent(of: target), names: names)
    guard unsafe mkdir(path, 0o700) == 0 else { throw SystemError("create \(path)") }
    created.directories.append(path)
    do throws(Errno) {
      lock = try FileDescriptor.open(directory: path)
    } catch {
      unsafe rmdir(path)
      throw SystemError("open \(path)", error)
    }
    // The next process sees that this one lives. Without the lock, the process's number alone protects the directory.
    _ = lock.tryLock()
  }

  mutating func makeDirectory(_ name: String) throws(SystemError) {
    let path = "\(path)/\(name)"
    guard unsafe mkdir(path, 0o700) == 0 else { throw SystemError("create \(path)") }
    created.directories.append(path)
  }

  /// Notes a file that other code creates.
  ///
  /// - Returns: its path.
  @discardableResult
  mutating func note(_ name: String) -> String {
    created.files.append("\(path)/\(name)")
    return "\(path)/\(name)"
  }

  mutating func create(_ name: String, contents: [UInt8]) throws(SystemError) {
    try File.create(note(name), contents: contents)
  }

  /// Copies a file.
  ///
  /// - Returns: its length and hash.
  mutating func copy(
    _ name: String, from source: FileDescriptor, progress: (Int) -> Void
  ) throws(SystemError) -> Manifest.File {
    let path = note(name)
    do throws(Errno) {
      let file = try FileDescriptor.create(path)
      defer { file.close() }
      let copied = try Manifest.File(name, source) { bytes throws(Errno) in
        try file.writeAll(bytes)
        progress(bytes.count)
      }
      try file.sync()
      return copied
    } catch {
      throw SystemError("copy to \(path)", error)
    }
  }

  /// Gives all files and directories to a user.
  func give(to owner: (user: uid_t, group: gid_t)) throws(SystemError) {
    // The directory comes last: until then no other user can replace a file of it.
    for path in created.files + created.directories.reversed() {
      guard unsafe chown(path, owner.user, owner.group) == 0 else { throw SystemError("chown \(path)") }
    }
  }

  /// Gives the directory its name, which no directory with files has.
  func install() throws(SystemError) {
    for directory in created.directories.reversed() { try File.syncDirectory(directory) }
    if isInside { return try moveOut() }
    guard unsafe rename(path, target) == 0 else { throw SystemError("rename to \(target)") }
    lock.close()
    try File.syncDirectory("\(target)/..")
  }

  /// Moves the files to the target. After an error all of them are back.
  private func moveOut() throws(SystemError) {
    let apps = created.directories.dropFirst().map { String($0.dropFirst(path.utf8.count + 1)) }
    let files = created.files.map { String($0.dropFirst(path.utf8.count + 1)) }.filter {
      !$0.utf8.contains(UInt8(ascii: "/"))
    }
    let names = apps + files.filter { $0 != Storage.fileName } + [Storage.fileName]
    for (place, name) in names.enumerated() {
      let isFree = unsafe access("\(target)/\(name)", F_OK) != 0
      if isFree, unsafe rename("\(path)/\(name)", "\(target)/\(name)") == 0 { continue }
      let error = SystemError("move \(name) to \(target)", isFree ? .current : .fileExists)
      for moved in names[..<place] { unsafe rename("\(target)/\(moved)", "\(path)/\(moved)") }
      throw error
    }
    unsafe rmdir(path)
    lock.close()
    try File.syncDirectory(target)
  }

  /// Removes it.
  func remove() {
    for file in created.files { unsafe unlink(file) }
    for directory in created.directories.reversed() { unsafe rmdir(directory) }
    lock.close()
  }

  // MARK: Leftovers

  /// - Parameter directory: without a slash at its end.
  static func parent(of directory: String) -> String {
    directory.lastIndex(of: "/").map { String(directory[...$0]) } ?? "."
  }

  /// Removes what killed processes left in a directory. It keeps what has other files.
  private static func removeLeftovers(in parent: String, names: [String]) {
    for name in (try? File.names(in: parent)) ?? [] {
      guard let process = name.split(separator: "-").last, name.dropLast(process.count).hasSuffix(temporary),
        Leftovers.isLeft("\(parent)/\(name)", byProcess: process)
      else { continue }
      remove(leftover: "\(parent)/\(name)", names: names)
    }
  }

  private static func remove(leftover directory: String, names: [String]) {
    guard let lock = try? FileDescriptor.open(directory: directory) else { return }
    defer { lock.close() }
    let apps = BackupFolder.appsName
    guard lock.tryLock(), let found = try? File.names(in: directory),
      found.allSatisfy({ names.contains($0) || $0 == apps })
    else { return }
    let ofApps = ((try? File.names(in: "\(directory)/\(apps)")) ?? []).filter { $0.hasSuffix(".conf") }
    for name in found + ofApps.map({ "\(apps)/\($0)" }) { unsafe unlink("\(directory)/\(name)") }
    for path in ["\(directory)/\(apps)", directory] { unsafe rmdir(path) }
  }
}
