import CDashboardSodium
import Glibc

/// Where random bytes come from.
public protocol RandomSource: Sendable {
  /// So many bytes, none of which can be foretold from others.
  func bytes(_ count: Int) -> [UInt8]
}

/// The system's generator (getentropy(3)); through libsodium where that call is missing or forbidden, which opens
/// /dev/urandom.
public struct SystemRandom: RandomSource {
  public init() {}

  public func bytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        // It gives no more at once.
        let piece = min(count - initialized, 256)
        guard let rest = unsafe buffer.baseAddress.map({ unsafe $0 + initialized }) else { return }
        if unsafe getentropy(rest, piece) != 0 {
          // Not in any case: it takes a process that answers one request 30 µs.
          _ = sodium_init()
          unsafe randombytes_buf(rest, piece)
        }
        initialized += piece
      }
    }
  }
}

extension RandomSource {
  package func number() -> UInt64 { bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
