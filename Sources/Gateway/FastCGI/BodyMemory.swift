import DashboardSystem
import Synchronization

/// The memory of all that a responder holds of requests at once: bodies, and apart from them long parameters and long parts of
/// records. An allocation that fails ends the process. So bodies beyond a limit are discarded, and their clients get 503. The
/// connections of other bytes beyond theirs are closed, however many bodies there are.
package final class BodyMemory: Sendable {
  /// How many bytes are taken, up to a limit.
  struct Counter: ~Copyable, Sendable {
    private let limit: Int
    private let used = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

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

  let bodies: Counter
  /// Parameters and parts of records.
  let others: Counter

  /// The bytes of all bodies together that the memory of this process allows. While it arrives and is decoded, a body takes up to
  /// about four times its length.
  package static var allowed: Int { MemoryLimit.available / 8 }

  /// - Parameter limit: of all bodies together, in bytes. The others get half as much.
  package init(limit: Int) {
    bodies = Counter(limit: limit)
    others = Counter(limit: limit / 2)
  }

  /// The part of a buffer that is taken from the memory. Its first bytes are not, so that a usual request touches no counter that
  /// threads share.
  struct Share {
    private var taken = 0

    /// The bytes of a buffer that count as nothing: more than usual parameters.
    static let free = 8 * 1024

    var isEmpty: Bool { taken == 0 }

    /// Takes or gives back what a buffer of `count` bytes needs.
    ///
    /// - Returns: false if there is no memory for it. Nothing has changed then.
    mutating func adjust(to count: Int, of memory: BodyMemory) -> Bool {
      let wanted = count > Self.free ? count : 0
      if wanted == taken { return true }
      if wanted < taken {
        memory.others.give(taken - wanted)
      } else if !memory.others.take(wanted - taken) {
        return false
      }
      taken = wanted
      return true
    }
  }
}
