import DashboardStore
import DashboardSystem
import Glibc

/// Work on data in a process of its own, since damage can end it by a signal. The process tells lines, whose fields are separated by
/// tabs. The first field says what the line is; `error` ends the work.
enum DataProcess {
  /// How the process ended without an error of its own.
  enum Ending {
    case done
    /// The name of the signal that damage led to, such as `Bus error`.
    case signal(String)
  }

  /// The works that there are. The first argument of the process is `--data-process`, the second one of these.
  enum Kind: String {
    case check, copy
  }

  static let word = "--data-process"

  /// Starts this program to work on data, and waits for its end.
  ///
  /// - Parameters:
  ///   - parameter: one more argument of the work.
  ///   - take: gets the fields of each line.
  /// - Throws: `CommandError` if the work failed, or was ended from outside.
  static func run(
    _ kind: Kind, _ storage: Storage, _ parameter: String, take: ([String]) -> Void = { _ in }
  ) throws -> Ending {
    let (directory, size) =
      switch storage {
      case .dataFile(let directory, let size): (directory, size)
      }
    let name = kind.rawValue
    let process = try OwnProcess.start([word, name, "\(size)", directory, parameter])
    var error: CommandError?
    let reading = Result {
      try lines(of: process.output) { line in
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        if fields.first == "error", fields.count == 3 {
          error = CommandError(Int32(fields[1]) ?? ExitStatus.software, fields[2])
        } else {
          take(fields)
        }
      }
    }
    process.output.close()
    let ending = process.wait()
    if let error { throw error }
    switch ending {
    case .status(0):
      try reading.get()
      return .done
    case .status(let status):
      throw CommandError(ExitStatus.software, "the \(name) ended with status \(status)")
    case .signal(let number):
      let signal = unsafe strsignal(number).map { unsafe String(cString: $0) } ?? "signal \(number)"
      guard [SIGBUS, SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGFPE].contains(number) else {
        throw CommandError(ExitStatus.temporary, "the \(name) was ended from outside: \(signal)")
      }
      return .signal(signal)
    }
  }

  private static func lines(of output: FileDescriptor, _ take: (Substring) -> Void) throws(Errno) {
    var (rest, piece): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 65_536))
    while true {
      let count = try output.read(into: &piece)
      if count == 0 { return }
      rest += piece[..<count]
      guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
      String(decoding: rest[..<end], as: UTF8.self).split(separator: "\n").forEach(take)
      rest.removeFirst(end + 1)
    }
  }

  // MARK: In the process

  /// Works in the data directory, as its owner. Its path is `.` then, since the owner may not reach it by the path of the parent.
  ///
  /// - Parameter arguments: `word`, the kind, the size of the map, the directory, and the parameter of the work.
  /// - Returns: the exit status.
  static func work(_ arguments: [String]) -> Int32 {
    guard arguments.count == 5, let kind = Kind(rawValue: arguments[1]), let size = Int(arguments[2]) else {
      return ExitStatus.usage
    }
    let directory = arguments[3]
    do {
      guard unsafe chdir(directory) == 0 else { throw SystemError("open \(directory)") }
      try DataOwner.become(of: ".")
      // A change of the user would undo it (prctl(2)).
      OwnProcess.endWithParent()
      let storage = Storage.dataFile(directory: ".", maximumSize: size)
      switch kind {
      case .check: try CheckedData.check(storage, arguments[4])
      case .copy: try Store.copy(storage, to: arguments[4])
      }
      return ExitStatus.success
    } catch {
      let error = CommandError(error)
      let text = error.text
      tell("error", "\(error.status)", text.hasPrefix(". ") ? directory + text.dropFirst() : text)
      return error.status
    }
  }

  /// Writes a line. Ends the process if its parent has gone.
  static func tell(_ fields: String...) {
    do throws(Errno) {
      let line = fields.map(Output.safe).joined(separator: "\t") + "\n"
      try FileDescriptor.standardOutput.writeAll(Array(line.utf8).span)
    } catch {
      exit(ExitStatus.inputOutput)
    }
  }
}
