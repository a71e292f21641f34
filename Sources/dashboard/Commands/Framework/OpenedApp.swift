import DashboardAccounts
import DashboardRecords
import DashboardRouting
import DashboardSettings
import DashboardStore
import DashboardSystem
import DashboardWireFormat
import Glibc

/// The app that a command works on, with its data open beside the responders that use it.
struct OpenedApp {
  let app: App
  let caller = Caller.operator(DataOwner.operatorName)
  private let dashboard: Dashboard
  private let eventLog: EventLog?
  private let isDryRun: Bool

  /// Opens the data as its owner. Root becomes the owner for that, so that no file gets another owner.
  ///
  /// - Parameter mayBegin: true if the command may create the data.
  /// - Throws: `CommandError`, `ConfigurationError`, `Store.OpeningError`.
  init(_ invocation: Invocation, mayBegin: Bool = false) throws {
    let configuration = try SettingsPlace.configuration(invocation)
    try Self.requireData(configuration, mayBegin: mayBegin && !invocation.isDryRun)
    // Without EVENT_LOG, events of a command are only in the data: its descriptor 2 is the operator's terminal.
    var write: (@Sendable (String) -> Void)?
    eventLog = if let path = configuration.eventLog { try EventLog(path) } else { nil }
    if let eventLog { write = { eventLog.write($0) } }
    isDryRun = invocation.isDryRun
    dashboard = try Dashboard(configuration: configuration, warn: { _ in }, eventLog: write)
    app = try Self.app(invocation, configuration, dashboard, mayBegin: mayBegin)
  }

  /// - Throws: `CommandError` if the app has neither a file nor accounts.
  private static func app(
    _ invocation: Invocation, _ configuration: Configuration, _ dashboard: Dashboard, mayBegin: Bool
  ) throws -> App {
    guard let text = invocation.value(Command.Option.app.name) else { return try dashboard.app() }
    guard let name = AppName(text) else { throw CommandError.usage("'\(text)' can't be the name of an app") }
    let known = try configuration.appsWithFiles() + [configuration.appName]
    if !known.contains(name), !mayBegin, try dashboard.services.store.read(name, { try $0.count(.all) }) == 0
    {
      let nearest = NearestWords.of(text, among: known.map(\.description))
      throw CommandError(
        ExitStatus.noInput, "there is no app '\(text)'\(NearestWords.question(nearest))")
    }
    return try dashboard.app(name)
  }

  /// Becomes the owner of the data, and expects that there is some.
  ///
  /// - Throws: `CommandError`, `ConfigurationError`.
  static func requireData(_ configuration: Configuration, mayBegin: Bool = false) throws {
    try DataOwner.become(of: configuration.dataDirectory)
    try DataOwner.requireAccess(to: configuration.dataDirectory)
    guard let reason = try DataDirectory.check(configuration, dataFile: Storage.fileName) else { return }
    let file = "\(configuration.dataDirectory)/\(Storage.fileName)"
    if unsafe access(file, F_OK) == 0 {
      throw CommandError(
        ExitStatus.noPermission,
        "\(file) is another user's: run the command as that user or as root. See more: dashboard doctor")
    }
    guard mayBegin else { throw CommandError(ExitStatus.noInput, reason) }
    // It would be root's, and the server could not use it.
    let directory = configuration.dataDirectory
    if geteuid() == 0, directory == Setting.dataDirectory.standard, unsafe access(directory, F_OK) != 0 {
      throw CommandError(
        ExitStatus.noInput,
        "\(directory) does not exist yet: start the server first, or name another directory (DATA_DIR)")
    }
  }

  /// Calls a rule as the operator. With `--dry-run` its changes are undone.
  func call<Result>(_ body: (Caller, inout Context) throws -> Result) throws -> Result {
    let now = dashboard.services.clock.now()
    defer { eventLog?.flush() }
    return try dashboard.perform(RoutePolicy(.administrator, writes: true), as: caller, in: app, at: now) {
      (Form(), Form())
    } _: { call in
      call.context.changesNothing = isDryRun
      return try body(caller, &call.context)
    }.answer
  }

  func read<Result>(_ body: (borrowing Snapshot) throws -> Result) throws -> Result {
    try read(of: app, body)
  }

  func read<Result>(of app: App, _ body: (borrowing Snapshot) throws -> Result) throws -> Result {
    try dashboard.services.store.read(app.name, body)
  }

  /// The default app, and every one that has a file.
  func allApps() throws -> [App] {
    let standard = try dashboard.app()
    let others = try dashboard.configuration.appsWithFiles().filter { $0 != standard.name }
    return try [standard] + others.map { try dashboard.app($0) }
  }

  var now: Timestamp { dashboard.services.clock.now() }

  func sweep() throws -> Bool { try dashboard.sweep() }
  func trySweep() throws -> (count: Int, isMore: Bool) { try dashboard.trySweep() }

  /// The account that a text names.
  ///
  /// - Parameter text: an identifier, or else a username.
  /// - Throws: `CommandError` if there is none.
  func account(_ text: String) throws -> Account {
    let bytes = Array(text.utf8)[...]
    let named = try call { try Search.account(username: bytes, $1) }
    guard let id = AccountID(bytes) else {
      if let named { return named }
      throw CommandError(ExitStatus.noUser, "there is no account '\(text)' in the app '\(app.name)'")
    }
    // People choose usernames, also such as the identifier of another account.
    if let named {
      throw CommandError(
        ExitStatus.data,
        "'\(text)' is an identifier, and also the username of \(named.accountid): give that identifier")
    }
    if let account = try read({ try $0.account(id) }) { return account }
    throw CommandError(ExitStatus.noUser, "there is no account '\(text)' in the app '\(app.name)'")
  }
}

/// The user who owns the data, as whom commands work.
enum DataOwner {
  /// Gives up the rights of root for those of the data's owner, if this process has them.
  static func become(of directory: String) throws {
    guard geteuid() == 0, let owner = status(of: directory), owner.st_uid != 0 else { return }
    var group = owner.st_gid
    guard unsafe setgroups(1, &group) == 0, setgid(group) == 0, setuid(owner.st_uid) == 0 else {
      throw SystemError("become the user \(owner.st_uid), who owns \(directory)")
    }
  }

  /// The owner of the data; `nil` if there is no directory.
  static func user(of directory: String) -> uid_t? { status(of: directory)?.st_uid }

  /// The status of the data file, or of the directory if there is none, or if root has put the file there.
  private static func status(of directory: String) -> stat? {
    var (file, folder) = (stat(), stat())
    guard unsafe stat(directory, &folder) == 0 else { return nil }
    let isThere = unsafe stat("\(directory)/\(Storage.fileName)", &file) == 0
    return isThere && file.st_uid != 0 ? file : folder
  }

  /// Expects that this user may use the data directory, if it exists.
  ///
  /// - Throws: `CommandError` that names the owner.
  static func requireAccess(to directory: String) throws(CommandError) {
    let isRefused = unsafe access(directory, R_OK | W_OK | X_OK) != 0 && errno == EACCES
    guard isRefused else { return }
    let owner = user(of: directory).map { "is the user \(LocalUser.name(of: $0))'s" } ?? "is another user's"
    throw CommandError(
      ExitStatus.noPermission, "\(directory) \(owner): run the command as that user, or as root")
  }

  /// The person who gives the command, for the event log: the login name, also behind sudo(8), or else the number of the user.
  static var operatorName: String {
    for variable in ["SUDO_USER", "LOGNAME"] {
      if let name = try? ProcessState.setting(variable), isName(name) { return name }
    }
    return "\(getuid())"
  }

  private static func isName(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}

/// Where a command finds its settings.
enum SettingsPlace {
  /// Read if the environment names neither settings nor a data directory.
  static let usual = "/etc/dashboard/dashboard.conf"

  static func configuration(_ invocation: Invocation) throws -> Configuration {
    try DashboardService.configuration(file: named(invocation))
  }

  /// The path of the settings file; `nil` if there is none.
  static func file(_ invocation: Invocation) throws -> String? {
    try named(invocation) ?? ProcessState.setting("DASHBOARD_CONFIG")
  }

  /// The path that `--config` gives, or else the usual one; `nil` if neither counts.
  private static func named(_ invocation: Invocation) throws -> String? {
    let isGiven = try ["DASHBOARD_CONFIG", Setting.dataDirectory.name].contains {
      try ProcessState.setting($0) != nil
    }
    let isUsual = unsafe access(usual, R_OK) == 0
    return invocation.value(Command.Option.config.name) ?? (isUsual && !isGiven ? usual : nil)
  }
}
