import DashboardCrypto
import DashboardWireFormat
import Synchronization

/// Identifiers for requests, by which an answer is found in the log: unique over all processes.
final class RequestIDs: Sendable {
  private let prefix: [UInt8]
  private let count = Atomic<UInt64>(0)

  init(random: any RandomSource) {
    prefix = [UInt8](capacity: 13) { text in
      Hexadecimal.append(random.bytes(6), to: &text)
      text.append(UInt8(ascii: "-"))
    }
  }

  func next() -> RequestID {
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    // Appending the array itself would make all event threads count its references at once.
    prefix.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    bytes.append(decimal: Int64(truncatingIfNeeded: number))
    return RequestID(bytes: bytes)
  }
}

/// A request's identifier, the answer's X-Request-Id. It becomes text where it is logged.
package struct RequestID: CustomStringConvertible, Sendable {
  let bytes: [UInt8]

  package var description: String { String(decoding: bytes, as: UTF8.self) }
}
