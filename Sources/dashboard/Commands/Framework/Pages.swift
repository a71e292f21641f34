/// A list, page by page, so that no transaction is long and a long list needs little memory.
struct Pages<Element, Row> {
  private let read: (_ last: Element?, _ limit: Int) throws -> [Element]
  private let row: (Element) throws -> Row?
  private var last: Element?
  private var isAtEnd = false
  /// How many rows are wanted still.
  private var rest: Int

  /// - Parameters:
  ///   - limit: at most so many rows; `nil` for all.
  ///   - read: returns elements after `last`; none at the end.
  ///   - row: what is shown of an element; `nil` if it is left out.
  init(
    limit: Int? = nil, read: @escaping (_ last: Element?, _ limit: Int) throws -> [Element],
    row: @escaping (Element) throws -> Row?
  ) {
    (self.read, self.row) = (read, row)
    rest = limit ?? .max
  }

  /// The next rows; none at the end.
  mutating func next() throws -> [Row] {
    while rest > 0, !isAtEnd {
      let page = try read(last, 500)
      last = page.last
      isAtEnd = page.isEmpty
      let rows = try page.compactMap(row).prefix(rest)
      rest -= rows.count
      if !rows.isEmpty { return Array(rows) }
    }
    return []
  }
}

extension Command.Option {
  static let limit = Self("limit", "NUMBER", "At most so many; by default all.")
}

extension Invocation {
  func limit() throws(CommandError) -> Int? { try number(Command.Option.limit.name, in: 1...Int.max) }
}
