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

  /// The byte of Ctrl-C.
  private static let interrupt: UInt8 = 3

  /// Reads a line while the terminal does not echo it (termios(3)).
  private static func hidden(_ prompt: String) throws -> [UInt8] {
    var former = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &former) == 0 else { throw SystemError("read the terminal's modes") }
    var silent = former
    // Without ISIG, Ctrl-C is a byte, and it ends the line: a signal would leave the terminal without its echo.
    silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
    unsafe withUnsafeMutableBytes(of: &silent.c_cc) { unsafe $0[Int(VEOL)] = interrupt }
    silent.c_lflag |= tcflag_t(ECHONL)
    guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else {
      throw SystemError("set the terminal's modes")
    }
    defer { _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &former) }
    StandardError.prompt(prompt)
    let typed = try line()
    if typed.last == interrupt {
      throw CommandError(ExitStatus.temporary, "interrupted: nothing was changed")
    }
    return try checked(typed)
  }

  private static func checked(_ password: [UInt8]) throws -> [UInt8] {
    guard !password.isEmpty else { throw CommandError.usage("the password is empty") }
    guard String(validating: password, as: UTF8.self) != nil else {
      throw CommandError(ExitStatus.data, "the password is not UTF-8")
    }
    return password
  }

  /// The next line of descriptor 0, without its end. Reads byte by byte, so that nothing behind the line is taken.
  private static func line() throws -> [UInt8] {
    var line: [UInt8] = []
    var byte: [UInt8] = [0]
    while line.count <= longest {
      guard try FileDescriptor.standardInput.read(into: &byte) > 0, byte[0] != UInt8(ascii: "\n") else {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
      }
      line += byte
      if byte[0] == interrupt { return line }
    }
    throw CommandError.usage("the line is too long")
  }
}
