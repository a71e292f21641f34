import Accounts
import Synchronization

/// Names for requests, so that an answer can be found in the log: different for every request of every process.
final class RequestNames: Sendable {
  private let prefix: String
  private let count = Atomic<UInt64>(0)

  init(random: any RandomSource) { prefix = Hexadecimal.text(random.bytes(6)) }

  func next() -> String {
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    return "\(prefix)-\(number)"
  }
}
