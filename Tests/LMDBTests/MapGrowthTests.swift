import DashboardLMDB
import Glibc
import Synchronization
import TestSupport
import Testing

/// Another process with a larger map makes the data grow beyond the map of this one.
@Suite("Growth by another process")
struct MapGrowthTests {
  private static let larger = 64 << 20
  private let directory: TemporaryDirectory
  private let environment: Environment
  private let table: Numbers

  init() throws {
    directory = try TemporaryDirectory()
    var options = Environment.Options.sized(1 << 20)
    options.growthLimit = 2000
    environment = try Environment(directory: directory.path, options: options)
    table = try environment.write { try Table("numbers", in: $0, createIfMissing: true) }
    try put(1, 10)
  }

  private func put(_ key: UInt8, _ number: UInt32) throws {
    try environment.write { try table.put([key], Number(number), in: $0) }
  }

  private func grow(_ name: String = "grown", to mapSize: Int = larger, bytes: Int = 3 << 20) throws {
    try LargerMap.add(name, bytes: bytes, mapSize: mapSize, in: directory.path)
  }

  /// A read whose transaction comes from the pool, or begins anew, or a write can be the first to find the data grown.
  @Test(
    "the next transaction takes over the size", arguments: ["kept reader", "new reader", "writer", "copy"])
  func first(transaction: String) throws {
    #expect(environment.mapSize == 1 << 20)
    if transaction == "kept reader" { #expect(try table.all(in: environment) == [[1]: 10]) }
    try grow()
    switch transaction {
    case "writer": try put(2, 20)
    case "copy":
      let copy = try TemporaryDirectory()
      try environment.copy(to: copy.path)
      #expect(try Files.read(copy.path("data.mdb")).count > 3 << 20)
    default: break
    }
    #expect(try table.get([1], in: environment.beginRead())?.value == 10)
    #expect(environment.mapSize == Self.larger)
    // The new room is this process's too.
    let large: Table<BytesKey, Zeros> = try environment.write {
      try Table("zeros", in: $0, createIfMissing: true)
    }
    try environment.write { try large.put([1], Zeros(4 << 20), in: $0) }
    try put(3, 30)
    #expect(try table.get([3], in: environment.beginRead())?.value == 30)
    #expect(try large.count(in: environment.beginRead()) == 1)
  }

  /// Fills the map with small values, in transactions of their own.
  ///
  /// - Returns: the number of values, at most `most`.
  private func fill(_ table: Table<BytesKey, Zeros>, in environment: Environment, most: Int = 2000) throws
    -> Int
  {
    for number in 0..<most {
      do {
        try environment.write {
          try table.put([UInt8(number >> 8), UInt8(number & 255)], Zeros(1500), in: $0)
        }
      } catch let error as LMDBError where error == .mapFull {
        return number
      }
    }
    return most
  }

  @Test("a full map takes over a larger one, also while the data would still fit into the old one")
  func full() throws {
    let zeros: Table<BytesKey, Zeros> = try environment.write {
      try Table("zeros", in: $0, createIfMissing: true)
    }
    try grow(bytes: 10)
    #expect(environment.mapSize == 1 << 20)
    #expect(try fill(zeros, in: environment) == 2000)
    #expect(environment.mapSize == Self.larger)
    // The threads of one batch too.
    try grow("more", to: 2 * Self.larger, bytes: 10)
    let large: Table<BytesKey, Zeros> = try environment.write {
      try Table("large", in: $0, createIfMissing: true)
    }
    _ = try Threads.run(8) { thread in
      try environment.write { try large.put([UInt8(thread)], Zeros(15 << 20), in: $0) }
    }
    #expect(environment.mapSize == 2 * Self.larger)
  }

  @Test("a map that was larger before this process opened the file stays lowered")
  func lowered() throws {
    let copy = try TemporaryDirectory()
    do {
      let before = try Environment(directory: copy.path, options: .sized(Self.larger))
      try before.write { _ = try Table<BytesKey, Zeros>("zeros", in: $0, createIfMissing: true) }
    }
    let lowered = try Environment(directory: copy.path, options: .sized(1 << 20))
    let zeros: Table<BytesKey, Zeros> = try lowered.write {
      try Table("zeros", in: $0, createIfMissing: true)
    }
    #expect(try fill(zeros, in: lowered) < 2000)
    #expect(lowered.mapSize == 1 << 20)
  }

  @Test("threads that read and write all the time go on through several growths")
  func underLoad() throws {
    let isDone = Atomic(false)
    let grown = Atomic(0)
    let growths = 6
    let counts = try Threads.run(6) { thread in
      if thread == 0 {
        defer { isDone.store(true, ordering: .releasing) }
        for growth in 1...growths {
          // Each map is too small for the next growth.
          try grow("grown \(growth)", to: (4 << 20) << growth, bytes: (2 << 20) << growth)
          let size = environment.mapSize
          let isTaken = eventually { environment.mapSize == (4 << 20) << growth }
          #expect(isTaken, "\(size)")
          grown.store(growth, ordering: .releasing)
        }
        return 0
      }
      var (count, written): (Int, UInt32) = (0, 0)
      while !isDone.load(ordering: .acquiring) {
        // A thread that waits for its processor while it reads keeps all pages from reuse. The room in each map is limited.
        if thread == 1, written < 20 * (grown.load(ordering: .acquiring) + 1) {
          written += 1
          try put(2, written)
        }
        let isRight = try environment.read { try table.get([1], in: $0)?.value == 10 }
        #expect(isRight)
        count += 1
      }
      return thread == 1 ? Int(written) : count
    }
    #expect(counts[1...].allSatisfy { $0 > growths })
    #expect(try table.get([2], in: environment.beginRead())?.value == UInt32(counts[1]))
  }

  @Test("a read that has begun keeps its view, and the growth waits for it")
  func waiting() throws {
    let isGrown = Atomic(false)
    let hasEnded = Atomic(false)
    _ = try Threads.run(2) { thread in
      if thread == 0 {
        try environment.read { transaction in
          try grow()
          isGrown.store(true, ordering: .releasing)
          // The map stays, however long other threads wait for a larger one.
          for _ in 0..<1000 {
            let isRight = try table.get([1], in: transaction)?.value == 10
            #expect(isRight)
            Threads.yield()
          }
          hasEnded.store(true, ordering: .releasing)
        }
      } else {
        let mayBegin = eventually { isGrown.load(ordering: .acquiring) }
        #expect(mayBegin)
        let isRight = try environment.read { transaction in
          let wasFirst = hasEnded.load(ordering: .acquiring)
          return try wasFirst && table.get([1], in: transaction)?.value == 10
        }
        #expect(isRight)
      }
    }
    #expect(environment.mapSize == Self.larger)
  }

  @Test("a read inside a read of the same thread is refused after a while, and blocks no other")
  func nested() throws {
    try environment.read { _ in
      try grow()
      #expect(throws: LMDBError.mapResized) { try environment.read { _ in } }
      #expect(throws: LMDBError.mapResized) { try put(2, 20) }
    }
    try put(2, 20)
    #expect(try table.all(in: environment) == [[1]: 10, [2]: 20])
  }

  @Test("a process with a smaller map opens the data, and has no room to add to it")
  func smallerMap() throws {
    #expect(!environment.isMapFull)
    try grow()
    #expect(try table.all(in: environment) == [[1]: 10])
    #expect(!environment.isMapFull)
    let copy = try TemporaryDirectory()
    try environment.copy(to: copy.path)
    let other = try Environment(directory: copy.path, options: .sized(1 << 20))
    #expect(other.isMapFull)
    #expect(other.mapSize > 3 << 20)
    let copied: Numbers = try other.write { try Table("numbers", in: $0, createIfMissing: true) }
    #expect(try copied.all(in: other) == [[1]: 10])
  }
}
