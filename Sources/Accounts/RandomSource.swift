import Glibc

/// Where random bytes come from.
public protocol RandomSource: Sendable {
  /// So many bytes, none of which can be foretold from others.
  func bytes(_ count: Int) -> [UInt8]
}

/// The system's generator (getentropy(3)).
public struct SystemRandom: RandomSource {
  public init() {}

  public func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      // It gives no more at once.
      var piece = [UInt8](repeating: 0, count: min(count - bytes.count, 256))
      // Of a kernel that has no generator nothing is to be served.
      guard unsafe getentropy(&piece, piece.count) == 0 else { fatalError("no random bytes: \(errno)") }
      bytes += piece
    }
    return bytes
  }
}

extension RandomSource {
  package func number() -> UInt64 { bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
}
