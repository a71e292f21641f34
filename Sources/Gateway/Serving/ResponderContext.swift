import DashboardSystem
import DashboardWireFormat

/// The application, limits and worker pools that a responder's event threads share.
final class ResponderContext: Sendable {
  let application: any Application
  /// The longest body to keep, in bytes.
  let bodyLimit: Int
  let bodyMemory: BodyMemory
  let timing: Timing

  /// As many threads as one commit of the store serves.
  let writing: WorkerPool
  let hashing: WorkerPool
  /// Sends finished responses that a peer may read slowly.
  let large: WorkerPool
  /// Makes responses that take long. Each is whole in memory, so there are few threads, and they yield to all others.
  let lengthy = WorkerPool(name: "lengthy", maximumThreads: 8, niceness: 5, bound: .count(64))

  init(application: any Application, options: Responder.Options) {
    self.application = application
    bodyLimit = options.bodyLimit
    timing = options.timing
    bodyMemory = BodyMemory(limit: BodyMemory.allowed)
    // At most a quarter of the memory goes to stacks of these pools.
    let threads = MemoryLimit.available / 4 / Thread.stackSize
    writing = WorkerPool(name: "writing", maximumThreads: min(64, threads / 2))
    large = WorkerPool(name: "large", maximumThreads: min(64, threads / 2))
    hashing = WorkerPool(
      name: "hashing", maximumThreads: options.hashingThreads,
      bound: .time(timing.hashingQueue, parallelism: options.cores) { application.hashingDuration })
  }

  var queues: [QueueState] { [writing, hashing, lengthy, large].map(\.state) }

  /// The worker pool for the request, and the client whose share of the pool it uses; `nil` if the event thread answers it.
  func pool(for request: FastCGIRequest) -> (pool: WorkerPool, client: [UInt8]?)? {
    switch application.work(for: request.content.variables) {
    // A long body takes long to read.
    case .reading: request.content.body.count > FastCGIRequest.longBody ? (writing, nil) : nil
    case .lengthyReading(let client): (lengthy, client)
    case .writing: (writing, nil)
    case .hashing(let client): (hashing, client)
    }
  }

  func response(to request: FastCGIRequest, isLate: Bool = false) -> Response {
    isLate ? application.refuseBusy(request.content) : application.respond(to: request.content)
  }
}
