import CDashboardSodium
import Glibc

/// A source of random bytes.
public protocol RandomSource: Sendable {
  /// `count` bytes of cryptographic quality: no byte can be predicted from the others.
  func bytes(_ count: Int) -> [UInt8]
}

/// The system's generator (getentropy(3)). Where that call is missing or forbidden, libsodium reads
/// /dev/urandom.
public struct SystemRandom: RandomSource {
  public init() {}

  public func bytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        // getentropy(3) returns at most 256 bytes a call.
        let piece = min(count - initialized, 256)
        guard let rest = unsafe buffer.baseAddress.map({ unsafe $0 + initialized }) else { return }
        if unsafe getentropy(rest, piece) != 0 {
          // Only here, because initializing libsodium would slow down every CGI process.
          _ = sodium_init()
          unsafe randombytes_buf(rest, piece)
        }
        initialized += piece
      }
    }
  }
}

extension RandomSource {
  /// A random number of the whole range.
  package func number() -> UInt64 { bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
