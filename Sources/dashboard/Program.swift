import DashboardGateway
import DashboardRouting
import DashboardSettings
import DashboardSystem
import DashboardWireFormat
import Glibc

/// The program. It runs as a FastCGI responder, as a CGI program or as a command. Exit statuses are those of
/// sysexits.h.
enum Program {
  static func run() -> Int32 {
    ProcessState.fillStandardDescriptors()
    ProcessState.forbidCoreFiles()
    ProcessState.surviveFailedWrites()
    let variables = MetaVariables.ofProcess()
    if let listener = Listener.inherited() { return serve(try DashboardService.configuration()) { listener } }
    // Before the arguments are read: a web server can pass words of the query string (RFC 3875 section 4.4).
    if CGI.isInvoked(with: variables) { return answerRequest(variables) }
    let arguments: [String]
    do throws(SmallFile.Failure) {
      arguments = try Arguments.read()
    } catch {
      StandardError.write("dashboard: the arguments can't be read: they are \(error.reason)")
      return ExitStatus.usage
    }
    return run(arguments)
  }

  private static func run(_ arguments: [String]) -> Int32 {
    switch (arguments.first, arguments.count) {
    case (nil, _):
      StandardError.write(CommandHelp.overview)
      return ExitStatus.usage
    case ("--help", 1), ("-h", 1): return Commands.run(["help"])
    case ("--version", 1): return Commands.run(["version"])
    // The forms of programs before commands, which units and scripts have.
    case ("--check-config", 1): return Commands.run(["settings"])
    case ("--backup", 2): return Commands.run(["backup"] + arguments.dropFirst())
    case (DataProcess.word, _): return DataProcess.work(arguments)
    case ("--listen", _): return Commands.run(["serve"] + arguments)
    default: return Commands.run(arguments)
    }
  }
}
