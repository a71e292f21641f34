import DashboardCrypto
import DashboardWireFormat
import Synchronization

/// Names for requests, so that an answer can be found in the log: different for every request of every process.
final class RequestNames: Sendable {
  private let prefix: [UInt8]
  private let count = Atomic<UInt64>(0)

  init(random: any RandomSource) {
    prefix = [UInt8](capacity: 13) { text in
      Hexadecimal.append(random.bytes(6), to: &text)
      text.append(UInt8(ascii: "-"))
    }
  }

  func next() -> RequestName {
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    // Of the array itself many threads would count references at once.
    prefix.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    bytes.append(decimal: Int64(truncatingIfNeeded: number))
    return RequestName(bytes: bytes)
  }
}

/// A request's name, which becomes text where it is logged.
struct RequestName: CustomStringConvertible {
  let bytes: [UInt8]

  var description: String { String(decoding: bytes, as: UTF8.self) }
}
