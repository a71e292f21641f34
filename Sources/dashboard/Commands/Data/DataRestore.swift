import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

extension Command {
  static let restore = Command(
    "restore", "Verifies a backup, and puts its data and keys in the place of the data directory.",
    details: """
      The data directory (DATA_DIR) must not exist, or be empty: stop the server, and move the old directory away.
      The settings of the backup are not installed. Run as root, the files belong to the owner of the empty directory,
      or else to the owner of the backup.
      """,
    operands: [.backup], changes: true, isOfApp: false
  ) { invocation in
    let configuration = try SettingsPlace.configuration(invocation)
    let place = try RestoredPlace(configuration)
    let verified = try VerifiedBackup(invocation.subject, configuration)
    guard verified.findings.isEmpty else { return try verified.tell(invocation.output) }
    if !invocation.isDryRun {
      do {
        try place.fill(from: verified)
      } catch {
        throw CommandError(ExitStatus.cantCreate, "nothing was restored: \(RestoredPlace.reason(error))")
      }
    }
    let made = verified.manifest?["made"].map { ", made \($0)" } ?? ""
    try invocation.sayDone(
      verified, "Restored \(verified.folder.path)\(made) to \(place.path).")
    try place.advice(verified, isRestored: !invocation.isDryRun).forEach {
      StandardError.write("dashboard: \(Output.safe($0))")
    }
    return ExitStatus.success
  }
}

/// The data directory that a restore makes.
struct RestoredPlace {
  /// Without links.
  let path: String
  private let configuration: Configuration
  /// Of the empty directory; `nil` if there is none.
  private let formerOwner: Owner?

  struct Owner: Equatable {
    let user: uid_t
    let group: gid_t

    init?(of path: String) {
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { return nil }
      (user, group) = (status.st_uid, status.st_gid)
    }
  }

  /// - Throws: `CommandError` if a process has the data open, or if the directory is not empty.
  init(_ configuration: Configuration) throws {
    self.configuration = configuration
    let given = File.withoutTrailingSlashes(configuration.dataDirectory)
    formerOwner = Owner(of: given)
    path = File.resolved(given) ?? given
    guard formerOwner != nil else { return }
    if let user = Store.user(of: configuration.storage) {
      throw CommandError(
        ExitStatus.cantCreate,
        "\(path) is in use\(user == 0 ? "" : " by process \(user)"): stop the server first (systemctl stop dashboard.socket dashboard)"
      )
    }
    let names: [String]
    do throws(Errno) { names = try File.names(in: path) } catch {
      throw CommandError(ExitStatus.cantCreate, "\(path) can't be read: \(error)")
    }
    // What killed restores left is removed before the next one.
    guard names.allSatisfy({ PartialDirectory.isInner($0) || $0 == "lost+found" }) else {
      let time = String("\(SystemClock().now())".prefix(19).filter { $0 != ":" })
      throw CommandError(
        ExitStatus.cantCreate,
        "\(path) is not empty. Move it away first: mv \(Shell.quoted(path)) \(Shell.quoted("\(path).\(time)"))"
      )
    }
  }

  /// Why no directory was made, and what to do.
  static func reason(_ error: any Error) -> String {
    switch (error as? SystemError)?.errno {
    case .permissionDenied?, .notPermitted?: "\(error); run it as root"
    case .busy?: "\(error); a mount point can't be replaced: let DATA_DIR be a directory in it"
    default: (error as? CommandError)?.text ?? "\(error)"
    }
  }

  /// Copies the files, and gives the copy its name when all of it is on the disk.
  func fill(from backup: VerifiedBackup) throws {
    // A first start holds this lock, and then has files in the directory. So does another restore.
    let lock = try? FileDescriptor.open(directory: path)
    defer { lock?.close() }
    if let lock, !lock.tryLock() { throw SystemError("lock \(path)", .wouldBlock) }
    var copy = try PartialDirectory(for: path, isInside: formerOwner != nil && !isReplaceable)
    do {
      try copy.take(backup)
      if geteuid() == 0, let owner = owner(backup) { try copy.give(to: (owner.user, owner.group)) }
      try copy.install()
    } catch {
      copy.remove()
      throw error
    }
  }

  /// False for a mount point, and in a parent that this user can't write to.
  private var isReplaceable: Bool {
    var (own, parent) = (stat(), stat())
    guard unsafe stat(path, &own) == 0, unsafe stat("\(path)/..", &parent) == 0 else { return true }
    let isWritable = unsafe access("\(path)/..", W_OK) == 0
    return own.st_dev == parent.st_dev && isWritable
  }

  private func owner(_ backup: VerifiedBackup) -> Owner? {
    formerOwner ?? Owner(of: "\(backup.folder.path)/\(Storage.fileName)")
  }

  /// What is left to the operator.
  func advice(_ backup: VerifiedBackup, isRestored: Bool) throws -> [String] {
    var advice: [String] = []
    if backup.keys?.areAllHere == false {
      advice.append("keys of the data are missing: give them in the settings before the start")
    }
    let settings = "\(backup.folder.path)/\(BackupFolder.settingsName)"
    if let text = try backup.folder.contents(BackupFolder.settingsName), text != configuration.file {
      advice.append("\(settings) is not installed; compare it with the settings in use")
    }
    if configuration.hasOwnAppsDirectory, backup.files.contains(where: { $0.name.hasPrefix("apps/") }) {
      advice.append("APPS_DIR is another directory: copy \(path)/apps/*.conf there")
    }
    if geteuid() == 0, owner(backup)?.user == 0 {
      advice.append(
        "\(path) \(isRestored ? "belongs" : "would belong") to root: give it to the user of the server (chown -R)"
      )
    }
    return advice
  }
}

extension PartialDirectory {
  /// Copies what belongs in a data directory.
  ///
  /// - Throws: also if a file is not as it was verified.
  mutating func take(_ backup: VerifiedBackup) throws {
    let files = backup.files.filter { BackupFolder.isOfData($0.name) }
    if files.contains(where: { $0.name.hasPrefix("\(BackupFolder.appsName)/") }) {
      try makeDirectory(BackupFolder.appsName)
    }
    var progress = ByteProgress("Copying", total: files.reduce(0) { $0 + ($1.length ?? 0) })
    defer { progress.finish() }
    for file in files {
      let source = try backup.folder.open(file.name)
      defer { source.close() }
      guard try copy(file.name, from: source, progress: { progress.advance(by: $0) }) == file else {
        throw CommandError(ExitStatus.temporary, "\(file.name) was changed while it was copied")
      }
    }
  }
}

/// Words for a shell.
enum Shell {
  /// The word as it can be pasted.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "+")...UInt8(ascii: ":"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isPlain
      ? word
      : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
  }
}
