import Glibc

/// Where a request comes from, as far as it can be told apart from others: an IPv4 address, or the first 64 bits of an
/// IPv6 address, since one subscriber has all the rest.
package struct ClientAddress: Hashable, Sendable {
  package let bytes: [UInt8]

  /// Total: what is no address stands for itself.
  ///
  /// - Parameter text: REMOTE_ADDR (RFC 3875 section 4.1.8).
  package init(_ text: some Sequence<UInt8>) {
    let text = Array(text)
    let terminated = text.map { CChar(bitPattern: $0) } + [0]
    var four = [UInt8](repeating: 0, count: 4)
    var sixteen = [UInt8](repeating: 0, count: 16)
    if unsafe inet_pton(AF_INET, terminated, &four) == 1 {
      bytes = four
    } else if unsafe inet_pton(AF_INET6, terminated, &sixteen) == 1 {
      // An IPv4 address in IPv6 clothes (RFC 4291 section 2.5.5.2).
      let isMapped = sixteen[..<10].allSatisfy { $0 == 0 } && sixteen[10] == 0xFF && sixteen[11] == 0xFF
      bytes = Array(isMapped ? sixteen[12...] : sixteen[..<8])
    } else {
      bytes = text
    }
  }
}
