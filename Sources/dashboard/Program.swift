import DashboardEndpoints
import DashboardGateway
import DashboardRouting
import DashboardStore
import DashboardSettings
import DashboardSystem
import DashboardWireFormat
import Glibc

/// The program. It runs as a FastCGI responder, as a CGI program or as a command. Exit statuses are those of
/// sysexits.h.
enum Program {
  private enum Exit {
    static let success: Int32 = 0
    static let usage: Int32 = 64
    static let unavailable: Int32 = 69
    static let software: Int32 = 70
    static let cantCreate: Int32 = 73
    static let temporary: Int32 = 75
    static let configuration: Int32 = 78
  }

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
      return Exit.usage
    }
    switch arguments {
    case ["--help"]:
      print(usage, terminator: "")
      return Exit.success
    case ["--version"]:
      print("dashboard \(Version.text)")
      return Exit.success
    case ["--check-config"]:
      return checkConfiguration()
    case _ where arguments.count == 2 && arguments[0] == "--backup":
      return backUp(to: arguments[1])
    case _ where arguments.count == 2 && arguments[0] == "--listen":
      guard let address = ListenAddress(arguments[1]) else {
        StandardError.write(
          "dashboard: --listen \(arguments[1]): neither unix:PATH (up to 99 bytes) nor 127.0.0.1:PORT")
        return Exit.usage
      }
      return serve { () throws(SystemError) in try Listener.listen(on: address) }
    default:
      if !arguments.isEmpty {
        StandardError.write(
          "dashboard: unknown arguments '\(arguments.joined(separator: " "))' (see --help)")
      }
      StandardError.write(usage)
      return Exit.usage
    }
  }

  private static func checkConfiguration() -> Int32 {
    do {
      let configuration = try DashboardService.configuration()
      print(try SettingsReport.text(configuration), terminator: "")
      try DataDirectory.check(configuration.dataDirectory)
      // Another user would create files that the owner can't open.
      let warnings =
        DataDirectory.isOwn(configuration.dataDirectory, files: Storage.fileNames)
        ? try DashboardService(configuration, isTrial: true).check()
        : try configuration.warnings + configuration.warningsOfApps()
      warnings.forEach(DashboardService.warn)
      return warnings.contains(where: \.isMistake) ? Exit.configuration : Exit.success
    } catch {
      StandardError.write("dashboard: \(error)")
      return Exit.configuration
    }
  }

  private static func backUp(to directory: String) -> Int32 {
    let configuration: Configuration
    do {
      configuration = try DashboardService.configuration()
    } catch {
      StandardError.write("dashboard: \(error)")
      return Exit.configuration
    }
    do {
      try Backup.make(configuration, in: directory)
      return Exit.success
    } catch {
      StandardError.write("dashboard: the backup failed: \(error)")
      return Exit.cantCreate
    }
  }

  /// Runs the FastCGI responder until SIGTERM or SIGINT.
  private static func serve(on listen: () throws(SystemError) -> Listener) -> Int32 {
    Responder.takeSignals()
    let service: DashboardService
    do {
      // The supervisor restarts the process. Committed changes are durable.
      service = try DashboardService(DashboardService.configuration()) { exit(Exit.software) }
      try service.check().forEach(DashboardService.warn)
    } catch {
      StandardError.write("dashboard: \(error)")
      return Exit.configuration
    }
    do throws(SystemError) {
      ProcessState.raiseDescriptorLimit()
      let responder = try Responder(listener: listen(), application: service, options: service.options)
      service.startSweeping()
      Responder.waitForTermination {
        if !service.eventLog.reopen() {
          StandardError.write("dashboard: EVENT_LOG can't be reopened; events still go to the old file")
        }
      }
      _ = responder.stop()
      service.finish()
      return Exit.success
    } catch {
      StandardError.write("dashboard: \(error)")
      return Exit.unavailable
    }
  }

  /// Answers the one request of a CGI process. If the service can't start, the client gets a JSON error and
  /// not the web server's error page.
  private static func answerRequest(_ variables: MetaVariables) -> Int32 {
    do {
      let service = try DashboardService(DashboardService.configuration(cores: 1), isSingleRequest: true)
      // A CGI program has no start at which the operator would see a misspelt setting.
      try service.warnOfMistakes()
      let isTaken = CGI.answer(variables, application: service, bodyLimit: service.options.bodyLimit)
      // Completes the response for the web server. The client does not wait for the rest.
      close(1)
      service.finish(sweepingOneIn: 32)
      // Exits here, because freeing all objects first would take a good part of the request's time.
      withExtendedLifetime(service) { exit(isTaken ? Exit.success : Exit.unavailable) }
    } catch {
      StandardError.write("dashboard: \(error)")
      let isTemporary = (error as? Store.OpeningError)?.isTemporary ?? false
      _ = CGI.answer(variables, application: OutOfService(isTemporary: isTemporary), bodyLimit: 0)
      return isTemporary ? Exit.temporary : Exit.configuration
    }
  }
}
