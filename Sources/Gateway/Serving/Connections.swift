/// The connections of one event loop, and their deadlines.
struct Connections {
  /// Indexed by descriptor: the system always gives the lowest free number, so the array stays short.
  private var all: [Connection?] = []
  private var count = 0
  private var timed: [Int32: Connection] = [:]

  var isEmpty: Bool { count == 0 }
  var hasDeadlines: Bool { !timed.isEmpty }

  subscript(_ descriptor: Int32) -> Connection? {
    let index = Int(descriptor)
    return all.indices.contains(index) ? all[index] : nil
  }

  mutating func add(_ connection: Connection) {
    let index = Int(connection.descriptor)
    while all.count <= index { all.append(nil) }
    all[index] = connection
    count += 1
  }

  mutating func remove(_ connection: Connection) {
    guard self[connection.descriptor] === connection else { return }
    clearDeadline(of: connection)
    all[Int(connection.descriptor)] = nil
    count -= 1
  }

  mutating func setDeadline(_ deadline: Int64, of connection: Connection) {
    connection.deadline = deadline
    timed[connection.descriptor] = connection
  }

  mutating func clearDeadline(of connection: Connection) {
    if !timed.isEmpty { timed[connection.descriptor] = nil }
  }

  /// The connections whose deadline has passed. Clears their deadlines.
  mutating func takeDue(at now: Int64) -> [Connection] {
    let due = timed.values.filter { $0.deadline <= now }
    for connection in due { timed[connection.descriptor] = nil }
    return due
  }
}
