import DashboardGateway
import DashboardStore
import DashboardSystem
import DashboardWireFormat
import Glibc

/// A CGI process.
extension Program {
  /// Answers the one request of a CGI process. If the service can't start, the client gets a JSON error and
  /// not the web server's error page.
  static func answerRequest(_ variables: MetaVariables) -> Int32 {
    StandardError.startQueue(hasThread: false)
    do {
      let service = try DashboardService(DashboardService.configuration(cores: 1), isSingleRequest: true)
      // A CGI program has no start at which the operator would see a misspelt setting.
      try service.warnOfMistakes()
      let isTaken = CGI.answer(variables, application: service, bodyLimit: service.options.bodyLimit)
      // Completes the response for the web server. The client does not wait for the rest.
      close(1)
      service.finish(sweepingOneIn: 32)
      service.eventLog.flush()
      StandardError.flush()
      // Exits here, because freeing all objects first would take a good part of the request's time.
      withExtendedLifetime(service) { exit(isTaken ? ExitStatus.success : ExitStatus.unavailable) }
    } catch {
      StandardError.write("dashboard: \(error)")
      let isTemporary = (error as? Store.OpeningError)?.isTemporary ?? false
      _ = CGI.answer(variables, application: OutOfService(isTemporary: isTemporary), bodyLimit: 0)
      close(1)
      StandardError.flush()
      return isTemporary ? ExitStatus.temporary : ExitStatus.configuration
    }
  }
}
