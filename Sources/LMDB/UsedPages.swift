import CDashboardLMDB
import DashboardSystem
import Glibc

/// Looks for the pages of the newest data that a data file lacks. It reads the file and not the map, where reading a missing
/// page ends the process.
///
/// The layout is that of data version 1 in LMDB's `mdb.c`: `MDB_meta`, `MDB_page`, `MDB_node` and `MDB_db`. Numbers have the
/// machine's byte order. Hold the writer lock meanwhile: it keeps other processes from replacing pages.
struct UsedPages {
  private let file: FileDescriptor
  private let pageSize: Int
  /// The number of whole pages in the file.
  private let count: UInt64
  /// The number of visited pages. A damaged file could have cycles.
  private var visited: UInt64 = 0

  private static let headerSize = 16
  private static let noPage = UInt64.max
  /// The most pages on the way from the root to a leaf of a table in the table of tables (`CURSOR_STACK`, twice).
  private static let mostLevels = 64

  private enum Flag {
    // Of pages.
    static let branch: UInt16 = 0x01
    static let leaf: UInt16 = 0x02
    static let leafOfFixedSize: UInt16 = 0x20
    // Of nodes.
    static let largeValue: UInt16 = 0x01
    static let table: UInt16 = 0x02
  }

  init(file: FileDescriptor, pageSize: Int, count: Int) {
    (self.file, self.pageSize, self.count) = (file, pageSize, UInt64(clamping: count))
  }

  /// True if every page of the tables and of the list of free pages is in the file. False also for a damaged page.
  consuming func areAllThere() -> Bool {
    guard let first = meta(0), let second = meta(1) else { return false }
    let newest = first.transaction < second.transaction ? second : first
    return newest.roots.allSatisfy { isThere($0, level: 0) }
  }

  /// The roots of the list of free pages and of the table of tables.
  private func meta(_ number: UInt64) -> (transaction: UInt64, roots: [UInt64])? {
    guard let page = page(number), let magic: UInt32 = page.number(at: 16), magic == 0xBEEF_C0DE,
      let free: UInt64 = page.number(at: 80), let main: UInt64 = page.number(at: 128),
      let transaction: UInt64 = page.number(at: 144)
    else { return nil }
    return (transaction, [free, main])
  }

  /// True if the tree with this root is in the file.
  private mutating func isThere(_ root: UInt64, level: Int) -> Bool {
    if root == Self.noPage { return true }
    visited += 1
    guard visited <= count, level < Self.mostLevels, let page = page(root),
      let flags: UInt16 = page.number(at: 10),
      let lower: UInt16 = page.number(at: 12), lower >= Self.headerSize
    else { return false }
    if flags & Flag.leafOfFixedSize != 0 { return true }
    guard flags & (Flag.branch | Flag.leaf) != 0 else { return false }
    for index in 0..<(Int(lower) - Self.headerSize) / 2 {
      guard let place: UInt16 = page.number(at: Self.headerSize + 2 * index),
        isThere(Int(place), of: page, isBranch: flags & Flag.branch != 0, level: level)
      else { return false }
    }
    return true
  }

  /// True if the pages that a node leads to are in the file.
  private mutating func isThere(_ place: Int, of page: Page, isBranch: Bool, level: Int) -> Bool {
    guard let low: UInt32 = page.number(at: place), let flags: UInt16 = page.number(at: place + 4),
      let keySize: UInt16 = page.number(at: place + 6)
    else { return false }
    if isBranch { return isThere(UInt64(flags) << 32 | UInt64(low), level: level + 1) }
    let value = place + 8 + Int(keySize)
    if flags & Flag.largeValue != 0 {
      guard let first: UInt64 = page.number(at: value), let pages: UInt32 = self.page(first)?.number(at: 12)
      else { return false }
      return UInt64(pages) <= count - first
    }
    if flags & Flag.table != 0 {
      guard let root: UInt64 = page.number(at: value + 40) else { return false }
      return isThere(root, level: level + 1)
    }
    return true
  }

  private struct Page {
    var bytes: [UInt8]

    /// A number in the machine's byte order; `nil` beyond the page.
    func number<Number: FixedWidthInteger>(at place: Int) -> Number? {
      let size = MemoryLayout<Number>.size
      guard place >= 0, place <= bytes.count - size else { return nil }
      return unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: place, as: Number.self) }
    }
  }

  /// A page of the file; `nil` if it is not there.
  private func page(_ number: UInt64) -> Page? {
    guard number < count else { return nil }
    var bytes = [UInt8](repeating: 0, count: pageSize)
    let place = Int(number) * pageSize
    let read = unsafe bytes.withUnsafeMutableBytes {
      unsafe pread(file.rawValue, $0.baseAddress, pageSize, place)
    }
    return read == pageSize ? Page(bytes: bytes) : nil
  }
}
