import DashboardCrypto
import DashboardWireFormat
import Synchronization

/// Creates the identifiers of requests: unique over all processes, so that the log can be searched for a
/// response.
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
    // Appending the array itself would make all event threads change its reference count at once.
    prefix.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    bytes.append(decimal: Int64(truncatingIfNeeded: number))
    return RequestID(bytes: bytes)
  }
}

/// The identifier of a request, in the response's X-Request-Id.
package struct RequestID: CustomStringConvertible, Sendable {
  let bytes: [UInt8]

  package var description: String { String(decoding: bytes, as: UTF8.self) }
}
