import CDashboardLMDB
import DashboardSystem
import Glibc

/// Checks the pages of one state of the data. It reads the file and not the map, where reading a missing page ends the process.
///
/// The state must stay meanwhile: hold the writer lock, or a read transaction of the state.
struct PageCheck {
  private let file: FileDescriptor
  private let pageSize: Int
  /// The number of whole pages in the file.
  private let count: UInt64
  /// A bit for each page of the file: true if it is used, or in the list of free pages.
  private var taken: [UInt64]
  private let report: (String) -> Void
  private let progress: (Int) -> Void
  private(set) var faults = 0
  private(set) var visited = 0
  /// The number of entries in all tables.
  private(set) var entries = 0

  /// The most pages on the way from a root to a leaf (`CURSOR_STACK`).
  private static let mostLevels = 32
  /// The longest key in bytes (`MDB_MAXKEYSIZE`).
  private static let longestKey = 511

  /// - Parameters:
  ///   - progress: gets the number of pages, now and then.
  ///   - report: gets each fault, in words.
  init(
    file: FileDescriptor, pageSize: Int, progress: @escaping (Int) -> Void = { _ in },
    report: @escaping (String) -> Void = { _ in }
  ) {
    (self.file, self.pageSize, self.progress, self.report) = (file, pageSize, progress, report)
    count = UInt64(clamping: file.length / pageSize)
    taken = [UInt64](repeating: 0, count: Int(count / 64) + 1)
  }

  /// A tree of pages, and what its pages have shown so far.
  private struct Tree {
    let name: String
    let root: StoredPage.Tree
    var isOfFreePages = false
    var holdsTables = false
    var lastKey: [UInt8] = []
    var entries: UInt64 = 0
    /// The trees of the tables that the table of tables leads to.
    var tables: [Tree] = []
  }

  // MARK: The beginning of the file

  func meta(_ number: UInt64) -> StoredPage.Meta? { page(number)?.meta }

  var newestMeta: StoredPage.Meta? {
    guard let first = meta(0), let second = meta(1) else { return nil }
    return first.transaction < second.transaction ? second : first
  }

  // MARK: Trees

  /// True if every page that the data needs is in the file, is sound, and is used once.
  consuming func isSound(_ meta: StoredPage.Meta) -> Bool {
    run(meta)
    return faults == 0
  }

  mutating func run(_ meta: StoredPage.Meta) {
    var free = Tree(name: "the list of free pages", root: meta.free, isOfFreePages: true)
    walk(&free)
    var main = Tree(name: "the table of tables", root: meta.main, holdsTables: true)
    walk(&main)
    for var table in main.tables {
      walk(&table)
      entries += Int(clamping: table.entries)
    }
  }

  private mutating func walk(_ tree: inout Tree) {
    let before = faults
    if tree.root.page != StoredPage.none { visit(tree.root.page, level: 0, of: &tree) }
    if faults == before, tree.entries != tree.root.entries {
      fail("\(tree.name) has \(tree.entries) entries and counts \(tree.root.entries)")
    }
  }

  private mutating func visit(_ number: UInt64, level: Int, of tree: inout Tree) {
    guard take(number, for: tree.name) else { return }
    visited += 1
    progress(visited)
    guard level < Self.mostLevels, let page = page(number), let nodes = page.nodes(ofPage: number) else {
      return fail("page \(number) of \(tree.name) is damaged")
    }
    for place in nodes {
      guard let node = page.node(at: place) else { return fail("page \(number) of \(tree.name) is damaged") }
      if let child = node.child {
        visit(child, level: level + 1, of: &tree)
      } else {
        visit(node, of: page, number, of: &tree)
      }
    }
  }

  /// Checks an entry of a table.
  private mutating func visit(
    _ node: StoredPage.Node, of page: StoredPage, _ number: UInt64, of tree: inout Tree
  ) {
    tree.entries += 1
    let key = page.bytes[node.key]
    // The keys of the list of free pages are numbers in the machine's byte order.
    let isInOrder =
      tree.isOfFreePages || tree.entries == 1 || tree.lastKey.lexicographicallyPrecedes(key)
    if !isInOrder || key.isEmpty || key.count > Self.longestKey {
      fail("page \(number) of \(tree.name) has its keys in a wrong order")
    }
    tree.lastKey = Array(key)
    if let table = node.table {
      if table.flags != 0 || !tree.holdsTables { fail("page \(number) of \(tree.name) is damaged") }
      tree.tables.append(Tree(name: "the table '\(String(decoding: key, as: UTF8.self))'", root: table))
    }
    if let first = node.largeValue, !takeLargeValue(first, node.valueSize, tree.name) { return }
    guard tree.isOfFreePages else { return }
    let list =
      node.largeValue.map { read(Int(clamping: $0) * pageSize + StoredPage.headerSize, node.valueSize) }
      ?? Array(page.bytes[node.value])
    takeFree(list ?? [], number)
  }

  /// Notes the pages of a value that has its own.
  ///
  /// - Returns: false if they are not there.
  private mutating func takeLargeValue(_ first: UInt64, _ size: Int, _ name: String) -> Bool {
    let pages = UInt64((StoredPage.headerSize + size + pageSize - 1) / pageSize)
    guard let length = page(first)?.largeValuePages(ofPage: first), length >= pages, length <= count - first
    else {
      fail("page \(first) of \(name) is damaged or missing")
      return false
    }
    visited += Int(length)
    return (first..<first + length).allSatisfy { take($0, for: name) }
  }

  /// Takes the pages of a list of free pages: their number and the pages, each in 8 bytes.
  private mutating func takeFree(_ list: [UInt8], _ number: UInt64) {
    let list = StoredPage(bytes: list)
    guard let length: UInt64 = list.number(at: 0), length <= UInt64(list.bytes.count / 8 - 1) else {
      return fail("page \(number) of the list of free pages is damaged")
    }
    for index in 0..<Int(length) {
      // LMDB does not write free pages at the end of the file.
      guard let page: UInt64 = list.number(at: 8 + 8 * index), page < count else { continue }
      _ = take(page, for: "the list of free pages")
    }
  }

  /// Notes that a page is used.
  ///
  /// - Returns: false if it can't be.
  private mutating func take(_ number: UInt64, for name: String) -> Bool {
    guard number < count else {
      fail("page \(number) of \(name) is missing: the file was cut short or is damaged")
      return false
    }
    let (word, bit) = (Int(number / 64), UInt64(1) << (number % 64))
    guard number > 1, taken[word] & bit == 0 else {
      fail("page \(number) of \(name) is used twice")
      return false
    }
    taken[word] |= bit
    return true
  }

  private mutating func fail(_ fault: String) {
    faults += 1
    report(fault)
  }

  // MARK: Reading

  /// A page of the file; `nil` if it is not there.
  private func page(_ number: UInt64) -> StoredPage? {
    guard number < count else { return nil }
    return read(Int(number) * pageSize, pageSize).map(StoredPage.init)
  }

  private func read(_ place: Int, _ length: Int) -> [UInt8]? {
    try? file.read(length, at: place)
  }
}

extension Environment {
  /// The number of pages up to the last one.
  package var pageCount: Int { information.lastPage &+ 1 }

  /// Checks the pages of the data, also while other threads and processes write.
  ///
  /// - Parameters:
  ///   - progress: gets the number of pages, now and then.
  ///   - report: gets each fault, in words.
  /// - Returns: the numbers of pages and of entries in all tables.
  package func checkPages(
    progress: @escaping (Int) -> Void, report: @escaping (String) -> Void
  ) throws(LMDBError) -> (pages: Int, entries: Int) {
    // A writer can take long to sync a state that is in the file already, and that no reader gets yet.
    let deadline = monotonicMilliseconds() + 60_000
    repeat {
      let reader = try unsafe beginReading()
      defer { unsafe recycle(reader) }
      let transaction = unsafe UInt64(mdb_txn_id(reader))
      var check = PageCheck(file: dataFile, pageSize: pageSize, progress: progress, report: report)
      let (own, other) = (transaction & 1, ~transaction & 1)
      guard let meta = check.meta(own), let next = check.meta(other) else { throw .invalid }
      // The transaction after the next writes where this one's state is. It does not begin before the next one is written.
      if meta.transaction == transaction, next.transaction <= transaction {
        check.run(meta)
        return (check.visited, check.entries)
      }
      // The state of a transaction is in the page of its parity, but for that of a new file.
      let isInPlace = [(meta, own), (next, other)].allSatisfy { meta, page in
        meta.transaction == 0 || meta.transaction & 1 == page
      }
      guard isInPlace else { throw .invalid }
      usleep(1000)
    } while monotonicMilliseconds() < deadline
    throw .invalid
  }
}
