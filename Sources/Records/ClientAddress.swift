import Glibc

/// The address of a client, as far as it identifies a subscriber: an IPv4 address, or the first 64 bits of an
/// IPv6 address. A subscriber usually controls the other 64 bits.
package struct ClientAddress: Hashable, Sendable {
  /// 4 bytes for IPv4, 8 for IPv6; the text itself if it is not an address.
  package let bytes: [UInt8]
  /// The network of the address, in which a subscriber's address may change: the first 24 bits of an IPv4 address or the
  /// first 48 bits of an IPv6 address; the text itself if it is not an address.
  package let network: [UInt8]

  /// Never fails: text that is not an address is taken as it is.
  ///
  /// - Parameter text: REMOTE_ADDR (RFC 3875 section 4.1.8).
  package init(_ text: some Sequence<UInt8>) {
    let text = Array(text)
    let terminated = text.map { CChar(bitPattern: $0) } + [0]
    var four = [UInt8](repeating: 0, count: 4)
    var sixteen = [UInt8](repeating: 0, count: 16)
    if unsafe inet_pton(AF_INET, terminated, &four) == 1 {
      (bytes, network) = (four, Array(four[..<3]))
    } else if unsafe inet_pton(AF_INET6, terminated, &sixteen) == 1 {
      // An IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2).
      let isMapped = sixteen[..<10].allSatisfy { $0 == 0 } && sixteen[10] == 0xFF && sixteen[11] == 0xFF
      bytes = Array(isMapped ? sixteen[12...] : sixteen[..<8])
      network = Array(isMapped ? sixteen[12..<15] : sixteen[..<6])
    } else {
      (bytes, network) = (text, text)
    }
  }
}
