/// A queue of jobs, as an operator watches it.
package struct QueueState: Equatable, Sendable {
  package let name: String
  /// The number of jobs that wait.
  package let length: Int
  /// True if it refuses another job.
  package let isFull: Bool

  package init(name: String, length: Int, isFull: Bool) {
    (self.name, self.length, self.isFull) = (name, length, isFull)
  }
}
