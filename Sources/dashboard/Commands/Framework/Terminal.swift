import DashboardSystem
import Glibc

/// The terminal of the person who gives the command.
enum Terminal {
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 }
  /// The most bytes of a typed or piped password.
  private static let longest = 4096

  /// A password: the first line of descriptor 0 with `--password-stdin`, or else typed twice on the terminal, which does not show it.
  ///
  /// - Throws: `CommandError` if there is neither.
  static func newPassword(_ invocation: Invocation) throws -> [UInt8] {
    if invocation.has(passwordOption) { return try checked(line()) }
    guard isInteractive else {
      throw CommandError.usage(
        "there is no terminal to ask for a password: pipe it in and add --\(passwordOption.name)")
    }
    let first = try hidden("New password: ")
    guard try first == hidden("Once more: ") else {
      throw CommandError(ExitStatus.data, "the two passwords differ: nothing was changed")
    }
    return first
  }

  static let passwordOption = Command.Option(
    "password-stdin", nil, "Read the password from the first line of standard input, and don't ask.")

  /// True if the person agrees. Without a terminal only `--yes` agrees.
  static func agrees(to question: String, _ invocation: Invocation) throws -> Bool {
    if invocation.has(yesOption) { return true }
    guard isInteractive else {
      throw CommandError.usage("there is no terminal to ask: add --\(yesOption.name) if you mean it")
    }
    StandardError.prompt("\(question) [y/N] ")
    let answer = String(decoding: try line(), as: UTF8.self).lowercased()
    return ["y", "yes"].contains(answer)
  }

  static let yesOption = Command.Option("yes", nil, "Do it without asking.")

  /// Reads a line while the terminal does not echo it. A signal first brings the echo back. After a stop (Ctrl-Z), it asks again.
  private static func hidden(_ prompt: String) throws -> [UInt8] {
    var signals = try SignalQueue([SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP])
    defer { signals.close() }
    while true {
      var signal: Int32?
      let typed = try withoutEcho {
        StandardError.prompt(prompt)
        return try line {
          signal = try signals.wait(for: .standardInput)
          return signal == nil
        }
      }
      guard let signal else { return try checked(typed) }
      if signal != SIGTSTP { StandardError.write("\ndashboard: interrupted: nothing was changed") }
      signals.deliver(signal)
    }
  }

  private static func withoutEcho<Result>(_ body: () throws -> Result) throws -> Result {
    var former = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &former) == 0 else { throw SystemError("read the terminal's modes") }
    var silent = former
    silent.c_lflag &= ~tcflag_t(ECHO)
    silent.c_lflag |= tcflag_t(ECHONL)
    guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else {
      throw SystemError("set the terminal's modes")
    }
    defer { _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &former) }
    return try body()
  }

  private static func checked(_ password: [UInt8]) throws -> [UInt8] {
    guard !password.isEmpty else { throw CommandError.usage("the password is empty") }
    guard String(validating: password, as: UTF8.self) != nil else {
      throw CommandError(ExitStatus.data, "the password is not UTF-8")
    }
    return password
  }

  /// The next line of descriptor 0, without its end. Reads byte by byte, so that nothing behind the line is taken.
  ///
  /// - Parameter goesOn: asked before each byte. False ends the line.
  private static func line(while goesOn: () throws -> Bool = { true }) throws -> [UInt8] {
    var line: [UInt8] = []
    var byte: [UInt8] = [0]
    while line.count <= longest {
      guard try goesOn(), try FileDescriptor.standardInput.read(into: &byte) > 0,
        byte[0] != UInt8(ascii: "\n")
      else {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
      }
      line += byte
    }
    throw CommandError.usage("the line is too long")
  }
}
