import CSodium

/// Where random bytes come from.
public protocol RandomSource: Sendable {
  /// So many bytes, none of which can be foretold from others.
  func bytes(_ count: Int) -> [UInt8]
}

/// The system's generator, through libsodium (`randombytes_buf`, getrandom(2)).
public struct SystemRandom: RandomSource {
  public init() { _ = sodium_init() }

  public func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    unsafe randombytes_buf(&bytes, bytes.count)
    return bytes
  }
}

extension RandomSource {
  package func number() -> UInt64 { bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
