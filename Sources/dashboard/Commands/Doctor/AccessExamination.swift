import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

/// Who owns the data and the settings, and who else can read or change them.
struct AccessExamination {
  private(set) var findings: [Ailment] = []

  /// - Parameter settings: the path of the settings file; `nil` if there is none.
  init(_ configuration: Configuration, settings: String?) {
    examineOwners(configuration.dataDirectory)
    // It holds keys and tokens, and decides what the service does.
    if let settings { examineSettings(settings) }
    for app in (try? configuration.appsWithFiles()) ?? [] { examineSettings(configuration.path(of: app)) }
    examineLeftovers(configuration.dataDirectory)
  }

  /// True if the files of the data belong to different users.
  private(set) var ownersDiffer = false

  private mutating func examineOwners(_ directory: String) {
    let owner = DataOwner.user(of: directory)
    for name in ["", "/\(Storage.fileName)", "/lock.mdb"] + FirstStart.markNames.map({ "/\($0)" }) {
      var status = stat()
      guard let owner, unsafe stat(directory + name, &status) == 0, status.st_uid != owner else { continue }
      ownersDiffer = true
      mend(
        """
        \(directory)\(name) belongs to \(LocalUser.name(of: status.st_uid)), and the data to \(LocalUser.name(of: owner)): \
        chown \(LocalUser.name(of: owner)) \(directory)\(name)
        """)
    }
  }

  private mutating func examineSettings(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    if status.st_mode & 0o022 != 0 {
      mend("\(path) can be changed by others than its owner, and so can the service: chmod go-w \(path)")
    }
    let text = String(decoding: (try? File.read(path)) ?? [], as: UTF8.self)
    let secret = Setting.all.first { setting in
      setting.isSecret && text.split(separator: "\n").contains { $0.hasPrefix("\(setting.name)=") }
    }
    if let secret, status.st_mode & 0o004 != 0 {
      mend("\(path) has \(secret.name), and every user of the machine can read it: chmod o-r \(path)")
    }
  }

  /// Restores that were killed.
  private mutating func examineLeftovers(_ directory: String) {
    let directory = File.withoutTrailingSlashes(directory)
    let name = directory.split(separator: "/").last.map(String.init) ?? ""
    let parent = PartialDirectory.parent(of: directory)
    for left in (try? File.names(in: parent)) ?? []
    where left.hasPrefix(name + PartialDirectory.temporary) && PartialDirectory.isPartial(left) {
      note(
        "\(parent)\(left) is left by a restore that was ended, and can have keys. Remove it, unless one is at work"
      )
    }
  }

  private mutating func mend(_ text: String) { findings.append(.mend("access", text)) }
  private mutating func note(_ text: String) { findings.append(.note("access", text)) }
}
