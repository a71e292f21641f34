import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

/// The directory of a backup.
struct BackupFolder {
  let path: String
  private let directory: FileDescriptor

  static let settingsName = "dashboard.conf"
  static let appsName = "apps"
  /// The files of a backup that are not an app's.
  static let names = [Storage.fileName, settingsName, Manifest.name] + FirstStart.markNames

  /// - Throws: `CommandError` if this is no backup, or if a process has the data open.
  init(_ path: String) throws {
    self.path = File.withoutTrailingSlashes(path)
    do throws(Errno) {
      directory = try FileDescriptor.open(directory: path)
    } catch {
      throw CommandError(
        error == .permissionDenied ? ExitStatus.noPermission : ExitStatus.noInput,
        "\(path) can't be read: \(error)")
    }
    let names = try File.names(in: path)
    guard names.contains(Storage.fileName) || names.contains(Manifest.name) else {
      throw CommandError(ExitStatus.noInput, "\(path) is no backup: it has no \(Storage.fileName)")
    }
    for name in names where unsafe access("\(path)/\(name)", R_OK) != 0 && Errno.current == .permissionDenied
    {
      throw CommandError(
        ExitStatus.noPermission,
        "\(path)/\(name) can't be read: run the command as the owner of the backup, or as root")
    }
    if let user = Store.user(of: storage) {
      throw CommandError(
        ExitStatus.data,
        "\(path) is no backup but data in use\(user == 0 ? "" : " (by process \(user))"): dashboard check")
    }
  }

  var storage: Storage { .dataFile(directory: path, maximumSize: 64 << 30) }

  func close() { directory.close() }

  /// The paths of all files within the directory, sorted.
  func files() throws(Errno) -> [String] {
    var files: [String] = []
    for name in try File.names(in: path) {
      var status = stat()
      let isFolder = unsafe lstat("\(path)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      files += isFolder ? try File.names(in: "\(path)/\(name)").map { "\(name)/\($0)" } : [name]
    }
    return files.sorted()
  }

  /// The length of files together, in bytes.
  func length(of names: [String]) -> Int {
    names.reduce(0) { sum, name in
      var status = stat()
      return unsafe lstat("\(path)/\(name)", &status) == 0 ? sum + Int(status.st_size) : sum
    }
  }

  func open(_ name: String) throws(Errno) -> FileDescriptor { try .open(name, beneath: directory) }

  /// The contents of a small file; `nil` if it does not exist.
  func contents(_ name: String) throws -> [UInt8]? {
    do throws(Errno) {
      let file = try open(name)
      defer { file.close() }
      return try file.readToEnd(limit: 1 << 20)
    } catch .noSuchFileOrDirectory {
      return nil
    } catch {
      throw SystemError("read \(path)/\(name)", error)
    }
  }

  /// True for a name that a file of a backup can have, and that a restore copies.
  static func isOfData(_ name: String) -> Bool {
    name == Storage.fileName || FirstStart.markNames.contains(name)
      || name.hasPrefix("\(appsName)/") && name.hasSuffix(".conf")
  }
}
