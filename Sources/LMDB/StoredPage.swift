/// The bytes of a page of the data file, as `PageCheck` reads them. No bytes trap.
///
/// The layout is that of data version 1 in LMDB's `mdb.c`: `MDB_meta`, `MDB_page`, `MDB_node` and `MDB_db`. Numbers have the
/// machine's byte order.
struct StoredPage {
  let bytes: [UInt8]

  static let headerSize = 16
  /// The root of an empty tree.
  static let none = UInt64.max

  private enum Flag {
    // Of pages.
    static let branch: UInt16 = 0x01
    static let leaf: UInt16 = 0x02
    static let largeValue: UInt16 = 0x04
    // Of nodes.
    static let isLargeValue: UInt16 = 0x01
    static let isTable: UInt16 = 0x02
    static let known: UInt16 = 0x03
  }

  /// The root of a tree, and how many entries its leaves should have.
  struct Tree {
    let page: UInt64
    let entries: UInt64
    /// Of mdb_dbi_open. The tables of this program have none.
    let flags: UInt16
  }

  /// One of the two states of the data at the beginning of the file.
  struct Meta {
    let transaction: UInt64
    let free: Tree
    let main: Tree
  }

  /// A node of a branch or an entry of a leaf.
  struct Node {
    /// The page that a node of a branch leads to.
    var child: UInt64?
    /// The first page of a value that has pages of its own.
    var largeValue: UInt64?
    var table: Tree?
    var key = 0..<0
    /// Where the value is in this page.
    var value = 0..<0
    /// In bytes.
    var valueSize = 0
  }

  /// A number in the machine's byte order; `nil` beyond the page.
  func number<Number: FixedWidthInteger & BitwiseCopyable>(at place: Int) -> Number? {
    let size = MemoryLayout<Number>.size
    guard place >= 0, place <= bytes.count - size else { return nil }
    return unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: place, as: Number.self) }
  }

  /// `nil` if this is no first or second page of a data file.
  var meta: Meta? {
    guard let magic: UInt32 = number(at: 16), magic == 0xBEEF_C0DE, let free = tree(at: 40),
      let main = tree(at: 88), let transaction: UInt64 = number(at: 144)
    else { return nil }
    return Meta(transaction: transaction, free: free, main: main)
  }

  private func tree(at place: Int) -> Tree? {
    guard let flags: UInt16 = number(at: place + 4), let entries: UInt64 = number(at: place + 32),
      let root: UInt64 = number(at: place + 40)
    else { return nil }
    return Tree(page: root, entries: entries, flags: flags)
  }

  /// The places of the nodes; `nil` if this is no page of a tree, or another one than that with the number.
  func nodes(ofPage wanted: UInt64) -> [Int]? {
    guard let own: UInt64 = number(at: 0), own == wanted, let flags: UInt16 = number(at: 10),
      flags == Flag.branch || flags == Flag.leaf, let lower: UInt16 = number(at: 12),
      let upper: UInt16 = number(at: 14), lower > Self.headerSize, lower <= upper, upper <= bytes.count
    else { return nil }
    return (0..<(Int(lower) - Self.headerSize) / 2).map { index in
      let place: UInt16? = number(at: Self.headerSize + 2 * index)
      return place.map(Int.init) ?? .max
    }
  }

  /// `nil` if the node is not within the page.
  func node(at place: Int) -> Node? {
    guard place >= Self.headerSize, let low: UInt32 = number(at: place),
      let flags: UInt16 = number(at: place + 4),
      let keySize: UInt16 = number(at: place + 6), place + 8 + Int(keySize) <= bytes.count
    else { return nil }
    if number(at: 10) == Flag.branch { return Node(child: UInt64(flags) << 32 | UInt64(low)) }
    // Others are of values that are tables, which LMDB would look for.
    guard flags & ~Flag.known == 0 else { return nil }
    let start = place + 8 + Int(keySize)
    var node = Node(key: place + 8..<start, valueSize: Int(low))
    if flags & Flag.isLargeValue != 0 {
      guard let first: UInt64 = number(at: start) else { return nil }
      node.largeValue = first
      return node
    }
    guard node.valueSize <= bytes.count - start else { return nil }
    node.value = start..<start + node.valueSize
    if flags & Flag.isTable != 0 {
      guard let table = tree(at: start) else { return nil }
      node.table = table
    }
    return node
  }

  /// How many pages a value has that begins with this page; `nil` if none does.
  func largeValuePages(ofPage wanted: UInt64) -> UInt64? {
    guard let own: UInt64 = number(at: 0), own == wanted, let flags: UInt16 = number(at: 10),
      flags == Flag.largeValue, let pages: UInt32 = number(at: 12), pages > 0
    else { return nil }
    return UInt64(pages)
  }
}
