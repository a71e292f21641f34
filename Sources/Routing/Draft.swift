internal import Accounts
internal import Synchronization
internal import WireFormat

/// An answer in the making. A header that can't be sent makes it an error of ours.
struct Draft {
  private(set) var response: Response

  init(status: Int) { response = Response(status: status) }

  init(status: Int, _ body: some JSONEncodable) {
    self.init(status: status)
    self.body = JSONWriter.bytes(body)
  }

  var body: [UInt8] {
    get { response.body }
    set {
      response.body = newValue
      add("Content-Type", "application/json; charset=utf-8")
    }
  }

  mutating func add(_ name: String, _ value: String) {
    do throws(Response.HeaderError) {
      try response.add(name, value)
    } catch {
      response = Draft(status: Exception.unknownError.status, Exception.unknownError).response
    }
  }
}

/// Names for requests, so that an answer can be found in the log: different for every request of every process.
final class RequestNames: Sendable {
  private let prefix: String
  private let count = Atomic<UInt64>(0)

  init(random: any RandomSource) { prefix = Hexadecimal.text(random.bytes(6)) }

  func next() -> String {
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    return "\(prefix)-\(number)"
  }
}
