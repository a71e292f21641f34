import DashboardGateway
import DashboardRouting
import DashboardSettings
import DashboardSystem
import DashboardWireFormat
import Glibc

/// The program. It runs as a FastCGI responder, as a CGI program or as a command. Exit statuses are those of
/// sysexits.h.
enum Program {
  private static let usage = """
    usage: dashboard --listen unix:PATH | --listen 127.0.0.1:PORT | --backup DIRECTORY | --check-config

    Serves the Dashboard API over FastCGI, in the foreground. If descriptor 0 is a listening socket (spawn-fcgi, or
    systemd with StandardInput=socket), it serves that socket. If a web server starts it as a CGI program
    (GATEWAY_INTERFACE is set), it answers one request.

      --listen ADDRESS      listen on a socket file, created with mode 0660, or on a port of 127.0.0.1
      --backup DIRECTORY    copy the data, keys and settings to a new directory, while the server runs
      --check-config        print every setting with its value, source and meaning; the owner of the data also
                            checks the data, its keys and the event log
      --help                print this help
      --version             print the version

    Settings come from the environment or from the file that DASHBOARD_CONFIG names.

    """

  static func run() -> Int32 {
    ProcessState.fillStandardDescriptors()
    ProcessState.forbidCoreFiles()
    ProcessState.surviveFailedWrites()
    let variables = MetaVariables.ofProcess()
    if let listener = Listener.inherited() { return serve { listener } }
    // Before the arguments are read: a web server can pass words of the query string (RFC 3875 section 4.4).
    if CGI.isInvoked(with: variables) { return answerRequest(variables) }
    let arguments: [String]
    do throws(SmallFile.Failure) {
      arguments = try Arguments.read()
    } catch {
      StandardError.write("dashboard: can't read the arguments from /proc/self/cmdline: \(error.reason)")
      return ExitStatus.usage
    }
    switch arguments {
    case ["--help"]:
      print(usage, terminator: "")
      return ExitStatus.success
    case ["--version"]:
      print("dashboard \(Version.text)")
      return ExitStatus.success
    case ["--check-config"]:
      return checkConfiguration()
    case _ where arguments.count == 2 && arguments[0] == "--backup":
      return backUp(to: arguments[1])
    case _ where arguments.count == 2 && arguments[0] == "--listen":
      guard let address = ListenAddress(arguments[1]) else {
        StandardError.write(
          "dashboard: --listen \(arguments[1]): neither unix:PATH (up to 99 bytes) nor 127.0.0.1:PORT")
        return ExitStatus.usage
      }
      return serve { () throws(SystemError) in try Listener.listen(on: address) }
    default:
      if !arguments.isEmpty {
        StandardError.write(
          "dashboard: unknown arguments '\(arguments.joined(separator: " "))' (see --help)")
      }
      StandardError.write(usage)
      return ExitStatus.usage
    }
  }
}
