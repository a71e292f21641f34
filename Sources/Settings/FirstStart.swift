package import DashboardCrypto
import DashboardSystem
import DashboardWireFormat
import Glibc

/// The first start of a data directory makes its keys and begins its data. It can be killed anywhere.
///
/// In this order, with a lock on the directory:
/// 1. The keys are written as `secrets.new`. If the settings give both keys, the empty file `begun.new` is created.
/// 2. The data begins, with the fingerprint of the keys.
/// 3. All of it is on the disk.
/// 4. `secrets.new` becomes `secrets`, or `begun.new` becomes `begun`.
///
/// No request is answered before the last step. So `secrets` or `begun` says that there must be data, and data beside
/// `secrets.new` or `begun.new` has no accounts.
package struct FirstStart {
  private let directory: String
  private let dataFile: String
  private let app: AppConfiguration

  package static let secretsName = "secrets"
  private static let begunName = "begun"
  /// The files that say that there must be data.
  package static let markNames = [secretsName, begunName]

  /// How far a directory has come.
  enum Progress {
    /// It has neither data nor a mark.
    case none
    /// A first start has written its first file, and may have begun the data.
    case interrupted
    /// It has data and no mark, and the settings give both keys. An older program has begun it.
    case unmarked
    case complete
  }

  /// - Parameter dataFile: the name of the data file.
  package init(_ configuration: Configuration, dataFile: String) {
    (directory, app) = (configuration.dataDirectory, configuration.app)
    self.dataFile = dataFile
  }

  /// Opens the directory, which must exist, and completes its first start. Waits for a first start of another process.
  ///
  /// - Parameters:
  ///   - tidies: true to remove the remains of a first start from a directory that has its keys already.
  ///   - open: opens the data. If `mayBegin` is false, it must refuse data that has not begun.
  package func open<Data>(
    random: some RandomSource, tidies: Bool, _ open: (_ secrets: Secrets, _ mayBegin: Bool) throws -> Data
  ) throws -> (Secrets, Data) {
    if try isComplete() {
      if tidies { removeNewMarks() }
      let secrets = try secrets()
      return (secrets, try open(secrets, false))
    }
    let lock = try lock()
    defer { lock?.close() }
    let progress = try progress()
    switch progress {
    case .none: try makeNewMark(random)
    case .interrupted: try discardHalfFile()
    case .unmarked, .complete: break
    }
    let secrets = try secrets(isNew: progress == .none || progress == .interrupted)
    let data = try open(secrets, progress != .complete)
    if progress != .complete { try mark() }
    return (secrets, data)
  }

  /// The keys of a directory that another process may be starting, without a change.
  ///
  /// - Throws: if the first start is not complete.
  package func existingSecrets() throws -> (Secrets, mayBegin: Bool) {
    if try isComplete() { return (try secrets(), false) }
    return (try secrets(), true)
  }

  /// How far the directory has come. Waits for a first start of another process.
  ///
  /// - Throws: if the data or the keys are lost, with what to do.
  func settledProgress() throws(ConfigurationError) -> Progress {
    if try isComplete() { return .complete }
    let lock = try lock()
    defer { lock?.close() }
    return try progress()
  }

  /// - Throws: if the data or the keys are lost, or if the first start is not complete.
  package func checkCompleted() throws(ConfigurationError) {
    guard try settledProgress() == .interrupted else { return }
    throw ConfigurationError(
      description: "a first start in \(directory) was interrupted; start the program first")
  }

  // MARK: The state

  private var isKeyless: Bool { app.encryptionKey == nil || app.sessionKey == nil }

  /// The file that says that there must be data.
  private var markName: String { isKeyless ? Self.secretsName : Self.begunName }

  /// The mark's name until the first start is complete.
  private static func newName(_ mark: String) -> String { "\(mark).new" }

  private func path(_ name: String) -> String { "\(directory)/\(name)" }

  private func exists(_ name: String) -> Bool { unsafe access(path(name), F_OK) == 0 }

  /// In bytes; `nil` if there is no data file.
  private var dataLength: Int? {
    var status = stat()
    return unsafe stat(path(dataFile), &status) == 0 ? Int(status.st_size) : nil
  }

  /// Usually the only question: whether the directory has its mark.
  ///
  /// - Throws: if it has the mark and no data.
  private func isComplete() throws(ConfigurationError) -> Bool {
    // The mark comes last, so another process can't make it between these lines without data.
    guard exists(markName) else { return false }
    try requireData()
    return true
  }

  private func requireData() throws(ConfigurationError) {
    if let dataLength, dataLength > 0 { return }
    let marks = Self.markNames.filter(exists).map(path).joined(separator: " and ")
    throw ConfigurationError(
      description: """
        \(path(dataFile)) is \(dataLength == nil ? "missing" : "empty"), and \(marks) shows that it had data: \
        restore all files of \(directory) from a backup. Only to begin without accounts, remove \(marks).
        """)
  }

  /// The state while the directory is locked.
  private func progress() throws(ConfigurationError) -> Progress {
    if try isComplete() { return .complete }
    let hasData = dataLength.map { $0 > 0 } ?? false
    if !hasData {
      if Self.markNames.contains(where: exists) { try requireData() }
      return .none
    }
    if !Self.markNames.contains(where: exists), exists(Self.newName(markName)) { return .interrupted }
    if !isKeyless { return .unmarked }
    throw ConfigurationError(
      description: """
        \(path(Self.secretsName)) does not exist, and the settings do not give both keys: \
        restore it from a backup of \(path(dataFile)), or give the keys
        """)
  }

  private func secrets(isNew: Bool = false) throws(ConfigurationError) -> Secrets {
    try SecretsFile.keys(
      for: app, in: directory, name: isNew ? Self.newName(Self.secretsName) : Self.secretsName)
  }

  // MARK: The steps

  /// Waits until no other process starts in the directory, and keeps it so until the result is closed.
  ///
  /// - Returns: `nil` if the directory can't be opened. What follows says why.
  /// - Throws: if the file system has no such locks.
  private func lock() throws(ConfigurationError) -> FileDescriptor? {
    guard let lock = try? FileDescriptor.open(directory: directory) else { return nil }
    do throws(Errno) {
      try lock.lock()
      return lock
    } catch {
      lock.close()
      throw ConfigurationError(
        description: "\(directory) can't be locked: \(error); the data must be on a local file system")
    }
  }

  private func removeNewMarks() { for name in Self.markNames { unsafe unlink(path(Self.newName(name))) } }

  private func makeNewMark(_ random: some RandomSource) throws(ConfigurationError) {
    // Without data, keys of an interrupted first start were never used. They may be half a file.
    removeNewMarks()
    removeOldLeftovers()
    let keys = """
      \(Setting.encryptionKey.name)=\(Hexadecimal.text(random.bytes(32)))
      \(Setting.sessionKey.name)=\(Hexadecimal.text(random.bytes(32)))

      """
    try reporting { () throws(SystemError) in
      try File.create(path(Self.newName(markName)), contents: isKeyless ? Array(keys.utf8) : [])
      // The name must be as durable as the contents: without its keys the data is unusable.
      try File.syncDirectory(directory)
    }
  }

  /// Removes the files of killed first starts of older programs: `secrets.PID.NUMBER`.
  private func removeOldLeftovers() {
    for name in (try? File.names(in: directory)) ?? [] {
      let parts = name.split(separator: ".")
      if parts.count == 3, parts[0] == Self.secretsName, UInt64(parts[2]) != nil,
        Leftovers.isLeft(path(name), byProcess: parts[1])
      {
        unsafe unlink(path(name))
      }
    }
  }

  /// Removes a data file of less than two pages, which can't be opened: the first start was killed while it created the file.
  private func discardHalfFile() throws(ConfigurationError) {
    if let dataLength, dataLength < 2 * min(Int(getpagesize()), 32_768) { unsafe unlink(path(dataFile)) }
  }

  private func mark() throws(ConfigurationError) {
    try reporting { () throws(SystemError) in
      // The data must be there after a crash before its mark is.
      try File.syncDirectory(directory)
      let (new, mark) = (path(Self.newName(markName)), path(markName))
      // Data of an older program has none.
      if !exists(Self.newName(markName)) { try File.create(new, contents: []) }
      guard unsafe rename(new, mark) == 0 else { throw SystemError("rename to \(mark)") }
      try File.syncDirectory(directory)
    }
  }

  private func reporting(_ body: () throws(SystemError) -> Void) throws(ConfigurationError) {
    do throws(SystemError) { try body() } catch { throw ConfigurationError(description: "\(error)") }
  }
}
