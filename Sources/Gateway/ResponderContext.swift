import DashboardWireFormat

/// What the event threads of one responder share: the application, the limits, and the lanes.
final class ResponderContext: Sendable {
  let application: any Application
  let bodyLimit: Int
  let timing: Timing

  /// Requests that are still arriving. A peer can keep one of these threads busy for as long as a request may take,
  /// so they are many, and others than those that write.
  let receiving = WorkerPool(name: "receiving", maximumThreads: 256)
  /// As many as one commit of the store serves.
  let writing = WorkerPool(name: "writing", maximumThreads: 64)
  let hashing: WorkerPool
  /// Answers that are made, and that a peer may take long to read.
  let large = WorkerPool(name: "large", maximumThreads: 64)
  /// Answers that take long to make. Each is whole in memory, so they are few; and they come after everything else.
  let lengthy = WorkerPool(name: "lengthy", maximumThreads: 8, niceness: 5, bound: .count(64))

  init(application: any Application, options: Responder.Options) {
    self.application = application
    bodyLimit = options.bodyLimit
    timing = options.timing
    hashing = WorkerPool(
      name: "hashing", maximumThreads: options.hashingThreads,
      bound: .time(timing.hashingQueue, parallelism: options.cores) { application.hashingDuration })
  }

  /// Where to answer, and whose share of that lane it takes; `nil`: on the spot.
  func pool(for request: FastCGIRequest) -> (pool: WorkerPool, client: [UInt8]?)? {
    switch application.work(for: request.content.variables) {
    case .reading: nil
    case .lengthyReading(let client): (lengthy, client)
    case .writing: (writing, nil)
    case .hashing(let client): (hashing, client)
    }
  }

  /// Answers, unless nobody is there any more. True: the connection can serve another request.
  func answer(_ request: FastCGIRequest, after end: FastCGIRequest.BodyEnd) -> Bool {
    guard end != .lost else {
      request.abandon()
      return false
    }
    return request.finish(with: application.respond(to: request.content)) && end == .reached
  }

  /// The answer to a request that a thread serves which must not wait.
  func response(to request: FastCGIRequest) -> (response: Response, mustWait: Bool) {
    let response = application.respond(to: request.content)
    return (response, response.body.count > Self.instantBytes)
  }

  /// As much as an idle connection takes without waiting for the peer to read: a good part of the least socket buffer
  /// that systems give (net.core.wmem_default).
  private static let instantBytes = 64 * 1024

  /// Says that there is too much to do; result as `answer`.
  func refuseBusy(_ request: FastCGIRequest) -> Bool {
    request.finish(with: application.refuseBusy(request.content))
  }
}
