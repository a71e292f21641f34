import DashboardAccounts
import DashboardRecords
import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

/// The data directory: its access, its file system, its keys, its owner's account and the clock.
enum DataExamination {
  static func findings(_ configuration: Configuration, _ invocation: Invocation) -> [Ailment] {
    let directory = configuration.dataDirectory
    do {
      if let reason = try DataDirectory.check(configuration, dataFile: Storage.fileName) {
        let isOthers = unsafe access("\(directory)/\(Storage.fileName)", F_OK) == 0
        return [isOthers ? .mend("data", reason) : .note("data", reason)] + fileSystem(of: directory)
      }
      return fileSystem(of: directory) + leftovers(in: directory) + (try opened(invocation))
    } catch {
      return [.mend("data", "\(CommandError(error).text)")] + fileSystem(of: directory)
    }
  }

  /// What the check finds. Damaged data is not read any further, since that could end this process.
  static func damage(_ configuration: Configuration) throws -> [Ailment] {
    guard try DataDirectory.check(configuration, dataFile: Storage.fileName) == nil else { return [] }
    let shown = try CheckedData(configuration.storage, isReadOnly: false).findings.shown
    guard let first = shown.first else { return [] }
    let others = shown.count > 1 ? ", and \(shown.count - 1) more findings" : ""
    return [
      .mend(
        "data",
        "the data is damaged: \(first)\(others). See all of them (dashboard check), and restore a backup (dashboard restore BACKUP)"
      )
    ]
  }

  /// The kinds of file systems on which a shared memory map, or the data itself, is not safe (statfs(2), magic(5)).
  private static let unsafeKinds: [Int: String] = [
    0x6969: "NFS", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB", 0x517B: "SMB", 0x0102_1997: "9P",
    0x6573_5546: "FUSE", 0x0BD0_0BD0: "Lustre", 0x00C3_6400: "Ceph",
  ]

  private static func fileSystem(of directory: String) -> [Ailment] {
    guard let kind = File.fileSystemKind(of: directory) else { return [] }
    if let name = unsafeKinds[kind] {
      return [
        .mend(
          "data",
          "\(directory) is on \(name), where processes can't share the data file safely. Move it to a local disk"
        )
      ]
    }
    if kind == 0x0102_1994 {
      return [
        .mend("data", "\(directory) is on a tmpfs: a restart of the machine loses it. Move it to a disk")
      ]
    }
    return []
  }

  /// Files that no program makes, such as those of an interrupted copy.
  private static func leftovers(in directory: String) -> [Ailment] {
    let known = [Storage.fileName, "lock.mdb", "apps", "manifest"] + FirstStart.markNames
    let others = ((try? File.names(in: directory)) ?? []).filter { !known.contains($0) }
    guard !others.isEmpty else { return [] }
    return [
      .note(
        "data",
        "\(directory) has files that are not the program's: \(others.sorted().joined(separator: ", "))")
    ]
  }

  private static func opened(_ invocation: Invocation) throws -> [Ailment] {
    let opened = try OpenedApp(invocation)
    return try opened.allApps().flatMap { app in
      try opened.read(of: app) { snapshot in
        try findings(
          app, count: snapshot.count(.all), owner: snapshot.owner(),
          newest: snapshot.accounts(.all, limit: 1).first?.createdAt, now: opened.now)
      } + bareAccounts(app, opened)
    }
  }

  /// Accounts without the second factor that SECOND_FACTOR asks for. Their passwords alone still sign in.
  private static func bareAccounts(_ app: App, _ opened: OpenedApp) throws -> [Ailment] {
    let policy = app.secondFactor
    guard policy != .optional else { return [] }
    var pages = Pages<Account, AccountID>(
      read: { last, limit in
        try opened.read(of: app) {
          try $0.accounts(policy == .required ? .all : .administrators, after: last?.sequence, limit: limit)
        }
      },
      row: { account in
        let isAsked = policy.requires(isAdministrator: account.isAdministrator) && account.suspendedAt == nil
        return isAsked && !account.hasSecondFactor ? account.accountid : nil
      })
    var (count, first): (Int, [AccountID]) = (0, [])
    while case let page = try pages.next(), !page.isEmpty {
      count += page.count
      first += page.prefix(3 - first.count)
    }
    guard count > 0 else { return [] }
    return [
      .note(
        "accounts",
        "the app '\(app.name)' has \(count) account\(count == 1 ? "" : "s") without the second factor that SECOND_FACTOR=\(policy.rawValue) asks for: the password alone is enough to set one up (\(first.map { "\($0)" }.joined(separator: ", "))\(count > first.count ? " …" : ""))"
      )
    ]
  }

  /// The accounts of an app.
  private static func findings(
    _ app: App, count: Int, owner: Account?, newest: Timestamp?, now: Timestamp
  ) -> [Ailment] {
    var findings: [Ailment] = []
    let name = app.name
    if count == 0 {
      let text = "the app '\(name)' has no account: the first one becomes the owner's"
      findings.append(
        app.configuration.setupCode == nil
          ? .mend(
            "accounts",
            "\(text), and any visitor can make it. Make it now (dashboard account create NAME --app \(name))")
          : .note("accounts", "\(text), and needs SETUP_CODE"))
    } else if owner == nil {
      findings.append(
        .mend(
          "accounts",
          "the app '\(name)' has no owner. Choose one (dashboard account set-owner NAME --app \(name))"))
    } else if owner?.deletedAt != nil {
      findings.append(.mend("accounts", "the owner's account of the app '\(name)' is scheduled for deletion"))
    }
    if let newest, newest.isAhead(of: now) {
      findings.append(
        .mend(
          "clock",
          "the newest account is from \(Output.time(newest)) UTC, and the clock says \(Output.time(now)). Set the clock (timedatectl)"
        ))
    }
    return findings
  }
}
