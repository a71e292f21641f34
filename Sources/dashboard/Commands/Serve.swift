import DashboardGateway
import DashboardSettings
import DashboardStore
import DashboardSystem
import Glibc

extension Command {
  static let serve = Command(
    "serve", "Serves over FastCGI, in the foreground, until SIGTERM or SIGINT.",
    details: """
      Without --listen it serves the listening socket that is its descriptor 0 (spawn-fcgi, or systemd with
      StandardInput=socket).
      """,
    options: [
      Option("listen", "ADDRESS", "unix:PATH, created with mode 0660, or 127.0.0.1:PORT."),
      Option(
        "rehearse", "BACKUP",
        "Serve a copy of a backup, which is removed at the end. Nothing that is done there lasts."),
    ],
    isOfApp: false,
    answers: false
  ) { invocation in
    guard let text = invocation.value("listen") else {
      throw CommandError.usage("descriptor 0 is no listening socket: add --listen ADDRESS")
    }
    guard let address = ListenAddress(text) else {
      throw CommandError.usage("--listen \(text): neither unix:PATH (up to 99 bytes) nor 127.0.0.1:PORT")
    }
    // Before a first start creates the data directory.
    do throws(SystemError) { try Listener.check(address) } catch {
      throw CommandError(ExitStatus.unavailable, "\(error)")
    }
    let file = invocation.value(Option.config.name)
    if let backup = invocation.value("rehearse") {
      return try Rehearsal(of: backup, settings: file).serve(on: address)
    }
    return Program.serve(try DashboardService.configuration(file: file)) { () throws(SystemError) in
      try Listener.listen(on: address)
    }
  }
}

/// `serve`, `--listen`, and an inherited socket.
extension Program {
  /// Runs the FastCGI responder until SIGTERM or SIGINT.
  ///
  /// - Parameter configuration: evaluated once.
  static func serve(
    _ configuration: @autoclosure () throws -> Configuration, on listen: () throws(SystemError) -> Listener
  ) -> Int32 {
    MemoryLimit.saveAddressSpace()
    Responder.takeSignals()
    StandardError.startQueue(hasThread: true)
    defer { StandardError.flush() }
    let service: DashboardService
    do {
      // The supervisor restarts the process. Committed changes are durable.
      service = try DashboardService(configuration()) {
        StandardError.flush()
        exit(ExitStatus.software)
      }
      try service.check().forEach(DashboardService.warn)
    } catch {
      StandardError.write("dashboard: \(error)")
      return ExitStatus.configuration
    }
    do throws(SystemError) {
      ProcessState.raiseDescriptorLimit()
      let responder = try Responder(listener: listen(), application: service, options: service.options)
      service.eventLog.startQueue()
      service.startSweeping { responder.queues }
      Responder.waitForTermination {
        if !service.eventLog.reopen() {
          StandardError.write("dashboard: EVENT_LOG can't be reopened; events still go to the old file")
        }
      }
      _ = responder.stop()
      service.finish()
      service.eventLog.flush()
      return ExitStatus.success
    } catch {
      StandardError.write("dashboard: \(error)")
      return ExitStatus.unavailable
    }
  }
}
