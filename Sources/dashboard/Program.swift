import DashboardEndpoints
import DashboardGateway
import DashboardRouting
import DashboardStore
import DashboardSettings
import DashboardSystem
import DashboardWireFormat
import Glibc

/// The program: a responder, a CGI program or a command, and its exit status (sysexits.h).
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

    Answers the Dashboard API over FastCGI, in the foreground. Started with a listening socket as descriptor 0
    (spawn-fcgi, or systemd with StandardInput=socket) it uses that one; started by a web server as a CGI program
    (GATEWAY_INTERFACE set) it answers that one request.

      --listen ADDRESS  a socket file, made with mode 0660, or a port of the loopback network
      --backup DIRECTORY
                        copies the data directory as it is at that moment, whoever uses it, into a new one
      --check-config    prints every setting, its value, where that comes from and what it means; as the user whose
                        the data is, also tries the data, its keys and the event log
      --help            this text
      --version         the version

    Settings come from the environment or from the file that DASHBOARD_CONFIG names.

    """

  static func run() -> Int32 {
    ProcessState.fillStandardDescriptors()
    ProcessState.forbidCoreFiles()
    ProcessState.surviveFailedWrites()
    let variables = MetaVariables.ofProcess()
    if let listener = Listener.inherited() { return serve { listener } }
    // Before the arguments are looked at: a web server may pass words of the query string as arguments (RFC 3875 section 4.4).
    if CGI.isInvoked(with: variables) { return answerOne(variables) }
    let arguments: [String]
    do throws(SmallFile.Failure) {
      arguments = try Arguments.read()
    } catch {
      StandardError.write("dashboard: the arguments, in /proc/self/cmdline: \(error.reason)")
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
      // Another user would leave files there that the owner can't open.
      let warnings =
        DataDirectory.isOwn(configuration.dataDirectory, files: Storage.fileNames)
        ? try DashboardService(configuration, isTrial: true).check()
        : try configuration.warnings + configuration.warningsOfApps()
      warnings.forEach(DashboardService.tell)
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
      StandardError.write("dashboard: no backup was made: \(error)")
      return Exit.cantCreate
    }
  }

  /// The responder: until SIGTERM or SIGINT.
  private static func serve(on listen: () throws(SystemError) -> Listener) -> Int32 {
    Responder.takeSignals()
    let service: DashboardService
    do {
      // The supervisor starts the process anew. Nothing that was answered is lost.
      service = try DashboardService(DashboardService.configuration()) { exit(Exit.software) }
      try service.check().forEach(DashboardService.tell)
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
          StandardError.write("dashboard: EVENT_LOG can't be opened anew; the old file goes on")
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

  /// The CGI program: one request. If it can't be served, the client gets an answer all the same, and not the web server's own error
  /// page.
  private static func answerOne(_ variables: MetaVariables) -> Int32 {
    do {
      let service = try DashboardService(DashboardService.configuration(cores: 1), isSingleRequest: true)
      // The operator would not hear otherwise of a protection whose name is misspelt.
      try service.tellMistakes()
      let isTaken = CGI.answer(variables, application: service, bodyLimit: service.options.bodyLimit)
      // The answer is complete for the web server now: the client does not wait for what follows.
      close(1)
      service.finish(sweepingOneIn: 32)
      // Exits here: taking everything apart first would cost a tenth of the request's time.
      withExtendedLifetime(service) { exit(isTaken ? Exit.success : Exit.unavailable) }
    } catch {
      StandardError.write("dashboard: \(error)")
      let isTemporary = (error as? Store.OpeningError)?.isTemporary ?? false
      _ = CGI.answer(variables, application: OutOfService(isTemporary: isTemporary), bodyLimit: 0)
      return isTemporary ? Exit.temporary : Exit.configuration
    }
  }
}
