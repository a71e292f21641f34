import CDashboardLinux
import Glibc

/// A test's own directory. It is removed with its contents at the end of its life.
package final class TemporaryDirectory: Sendable {
  package let path: String

  package init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/dashboard-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestFailure(system: "mkdtemp in \(parent)") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Files.removeAll(path) }

  package func path(_ name: String) -> String { "\(path)/\(name)" }
}

/// Whole files by their paths.
package enum Files {
  package static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TestFailure(system: "open \(path)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw TestFailure(system: "read \(path)") }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  package static func text(_ path: String) throws -> String {
    String(decoding: try read(path), as: UTF8.self)
  }

  package static func write(_ text: String, to path: String) throws { try write(text.utf8, to: path) }

  /// Creates a file, or replaces its contents.
  package static func write(_ contents: some Sequence<UInt8>, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw TestFailure(system: "create \(path)") }
    defer { close(descriptor) }
    let bytes = Array(contents)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw TestFailure(system: "write \(path)")
    }
  }

  package static func makeDirectory(_ path: String) throws {
    guard mkdir(path, 0o755) == 0 else { throw TestFailure(system: "mkdir \(path)") }
  }

  /// The names in a directory except `.` and `..`.
  package static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The paths of all files beneath a directory.
  package static func all(in path: String) -> [String] {
    names(in: path).flatMap { name -> [String] in
      let inner = all(in: "\(path)/\(name)")
      return inner.isEmpty ? ["\(path)/\(name)"] : inner
    }
  }

  package static func removeAll(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      for name in names(in: path) { removeAll("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// The permission bits of a file.
  package static func mode(_ path: String) throws -> UInt32 {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw TestFailure(system: "lstat \(path)") }
    return status.st_mode & 0o7777
  }
}
