import DashboardAccounts
import DashboardSettings
import DashboardStore
import DashboardSystem

/// Why a command ends without its result.
struct CommandError: Error {
  /// Says what is wrong and what to do. It has no full stop.
  let text: String
  let status: Int32

  init(_ status: Int32, _ text: String) { (self.status, self.text) = (status, text) }

  static func usage(_ text: String) -> CommandError { CommandError(ExitStatus.usage, text) }

  /// What any error of a command tells the operator.
  init(_ error: any Error) {
    switch error {
    case let error as CommandError: self = error
    case let error as any RuleError: self.init(error)
    case is ConfigurationError: self.init(ExitStatus.configuration, "\(error)")
    case let error as Store.OpeningError:
      self.init(error.isTemporary ? ExitStatus.temporary : ExitStatus.configuration, "\(error)")
    case is Store.Unavailable: self.init(ExitStatus.temporary, "the data can't be used: \(error)")
    case is SystemError: self.init(ExitStatus.system, "\(error)")
    case is Errno: self.init(ExitStatus.inputOutput, "\(error)")
    default: self.init(ExitStatus.software, "\(error)")
    }
  }

  private init(_ error: any RuleError) {
    let text = Refusals.sentence(error.identifier)
    let length = error.allowedLength.map { range in
      range.upperBound == .max
        ? ": at least \(range.lowerBound) characters"
        : ": \(range.lowerBound) to \(range.upperBound) characters"
    }
    let status =
      error.identifier.hasSuffix("-unknown")
      ? ExitStatus.noUser : error is HashingError ? ExitStatus.temporary : ExitStatus.data
    self.init(status, text + (length ?? ""))
  }
}
