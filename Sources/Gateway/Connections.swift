/// The connections of one event loop, and which of them must have changed by when.
struct Connections {
  private var all: [Int32: Connection] = [:]
  private var timed: [Int32: Connection] = [:]

  var isEmpty: Bool { all.isEmpty }
  var hasDeadlines: Bool { !timed.isEmpty }

  subscript(_ descriptor: Int32) -> Connection? { all[descriptor] }

  mutating func add(_ connection: Connection) { all[connection.descriptor] = connection }

  mutating func remove(_ connection: Connection) {
    timed[connection.descriptor] = nil
    all[connection.descriptor] = nil
  }

  mutating func setDeadline(_ deadline: Int64, of connection: Connection) {
    connection.deadline = deadline
    timed[connection.descriptor] = connection
  }

  mutating func clearDeadline(of connection: Connection) {
    if !timed.isEmpty { timed[connection.descriptor] = nil }
  }

  /// Those whose deadline has passed. They have none any more.
  mutating func takeDue(at now: Int64) -> [Connection] {
    let due = timed.values.filter { $0.deadline <= now }
    for connection in due { timed[connection.descriptor] = nil }
    return due
  }
}
