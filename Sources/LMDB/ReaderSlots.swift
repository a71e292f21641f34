import CDashboardLMDB
import Glibc

/// An entry in the environment's table of readers. A process keeps it for its next read.
package struct ReaderSlot: Hashable, Sendable {
  package let process: Int32
  /// The number of the transaction whose data it reads; `nil` if it does not read at the moment.
  package let transaction: Int?

  /// - Parameter line: process, thread and transaction, as `mdb_reader_list` writes them.
  init?(line: String) {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard words.count == 3, let process = Int32(words[0]) else { return nil }
    self.process = process
    transaction = Int(words[2])
  }
}

extension Environment {
  /// The entries of all processes, also of dead ones.
  ///
  /// The corresponding C function is `mdb_reader_list`.
  package var readerSlots: [ReaderSlot] {
    var slots: [ReaderSlot] = []
    _ = unsafe withUnsafeMutablePointer(to: &slots) { slots in
      unsafe mdb_reader_list(
        handle,
        { line, slots in
          guard let line = unsafe line, let slots = unsafe slots?.assumingMemoryBound(to: [ReaderSlot].self)
          else { return -1 }
          if let slot = unsafe ReaderSlot(line: String(cString: line)) {
            unsafe slots.pointee.append(slot)
          }
          return 0
        }, slots)
    }
    return slots
  }

  /// The most entries that the table can have.
  ///
  /// The corresponding C function is `mdb_env_get_maxreaders`.
  package var maximumReaders: Int {
    var count: UInt32 = 0
    return unsafe mdb_env_get_maxreaders(handle, &count) == 0 ? Int(count) : 0
  }

  /// Frees the entries of processes that have died.
  ///
  /// - Returns: the number of freed entries that were reading. LMDB could not reuse the pages that they read.
  package func freeDeadReaders() -> Int {
    let before = readerSlots.filter { $0.transaction != nil }
    guard checkReaders() > 0 else { return 0 }
    let living = Set(readerSlots.map(\.process))
    return before.count { !living.contains($0.process) }
  }
}
