import DashboardSystem
import Synchronization

/// The memory of all bodies that a responder holds at once. An allocation that fails ends the process, so bodies beyond a limit
/// are discarded, and their clients get 503.
package final class BodyMemory: Sendable {
  /// In bytes.
  private let limit: Int
  private let used = Atomic<Int>(0)

  /// The bytes of all bodies together that the memory of this process allows. While it arrives and is decoded, a body takes up to
  /// about four times its length.
  package static var allowed: Int { MemoryLimit.available / 8 }

  /// - Parameter limit: in bytes.
  package init(limit: Int) { self.limit = limit }

  /// Takes `count` bytes.
  ///
  /// - Returns: false if that many are not left.
  func take(_ count: Int) -> Bool {
    let (_, now) = used.wrappingAdd(count, ordering: .relaxed)
    if now <= limit { return true }
    give(count)
    return false
  }

  /// Gives `count` bytes back.
  func give(_ count: Int) { used.wrappingSubtract(count, ordering: .relaxed) }
}
