import CDashboardLMDB
import DashboardSystem
import Glibc

/// The length of the data file.
///
/// LMDB does not write pages that a transaction allocates and frees again. At the end of the file they leave it shorter than
/// its last page. LMDB never reads such a page. Any other page beyond the end was cut off, and reading it ends the process
/// (SIGBUS).
extension Environment {
  /// Extends a short data file to its last page.
  ///
  /// A failure changes nothing that matters: `checkLength` looks at a short file page by page.
  func extendFile() { try? withWriterLock { if isShort { extend() } } }

  /// Refuses a data file without a page that it needs. Extends one that only lacks free pages: its process was killed between
  /// a commit and `extendFile`, or was of an older program.
  ///
  /// - Throws: `cutShort`.
  func checkLength() throws(LMDBError) {
    guard isShort else { return }
    if isReadOnly { return try requirePages() }
    try withWriterLock { () throws(LMDBError) in
      guard isShort else { return }
      try requirePages()
      extend()
    }
  }

  private func requirePages() throws(LMDBError) {
    let pages = PageCheck(file: dataFile, pageSize: pageSize)
    guard let newest = pages.newestMeta, pages.isSound(newest) else { throw .cutShort }
  }

  /// Only the writer may change the length. Without the lock, another process could have written further pages by then.
  func withWriterLock(_ body: () throws(LMDBError) -> Void) throws(LMDBError) {
    let writer = try unsafe beginWriting()
    defer {
      unsafe mdb_txn_abort(writer)
      readers.leave()
    }
    try body()
  }

  /// True if the data file ends before its last page. Ask inside a transaction, or while no other thread has the environment.
  var isShort: Bool { neededLength.map { length < $0 } ?? true }

  /// The length up to the last page, in bytes; `nil` if it can't be that long.
  var neededLength: Int? {
    let (count, overflows) = information.lastPage.addingReportingOverflow(1)
    let needed = count.multipliedReportingOverflow(by: pageSize)
    return overflows || needed.overflow || needed.partialValue < 0 ? nil : needed.partialValue
  }

  private var length: Int { dataFile.length }

  private func extend() {
    if let needed = neededLength { _ = ftruncate(dataFile.rawValue, needed) }
  }
}
