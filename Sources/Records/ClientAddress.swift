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
    guard let address = Self.parse(text) else {
      (bytes, network) = (text, text)
      return
    }
    bytes = address.count == 4 ? address : Array(address[..<8])
    network = Array(address[..<(address.count == 4 ? 3 : 6)])
  }

  /// True for an address of the machine itself: 127.0.0.0/8 or ::1. False for text that is not an address.
  package static func isLoopback(_ text: some Sequence<UInt8>) -> Bool {
    guard let address = parse(Array(text)) else { return false }
    return address.count == 4 ? address[0] == 127 : address == [UInt8](repeating: 0, count: 15) + [1]
  }

  /// The 4 bytes of an IPv4 address, also of one that is mapped to IPv6 (RFC 4291 section 2.5.5.2), or the 16 bytes of another
  /// IPv6 address; `nil` for other text.
  private static func parse(_ text: [UInt8]) -> [UInt8]? {
    // C would take the text up to it.
    if text.contains(0) { return nil }
    let terminated = text.map { CChar(bitPattern: $0) } + [0]
    var four = [UInt8](repeating: 0, count: 4)
    var sixteen = [UInt8](repeating: 0, count: 16)
    if unsafe inet_pton(AF_INET, terminated, &four) == 1 { return four }
    guard unsafe inet_pton(AF_INET6, terminated, &sixteen) == 1 else { return nil }
    let isMapped = sixteen[..<10].allSatisfy { $0 == 0 } && sixteen[10] == 0xFF && sixteen[11] == 0xFF
    return isMapped ? Array(sixteen[12...]) : sixteen
  }
}
