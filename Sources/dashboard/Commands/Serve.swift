import DashboardGateway
import DashboardStore
import DashboardSystem
import Glibc

/// `--listen`, and an inherited socket.
extension Program {
  /// Runs the FastCGI responder until SIGTERM or SIGINT.
  static func serve(on listen: () throws(SystemError) -> Listener) -> Int32 {
    MemoryLimit.saveAddressSpace()
    Responder.takeSignals()
    StandardError.startQueue(hasThread: true)
    defer { StandardError.flush() }
    let service: DashboardService
    do {
      // The supervisor restarts the process. Committed changes are durable.
      service = try DashboardService(DashboardService.configuration()) {
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
      service.startSweeping()
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
