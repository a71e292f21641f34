import DashboardWireFormat

/// Which part of a list is asked for.
package struct Paging: Sendable {
  /// Elements to pass over, 0 or more.
  package let offset: Int
  /// Elements at most, 1…1,000; `nil`: all.
  package let limit: Int?
  /// The identifier of the element to continue after, as it was given.
  package let after: [UInt8]?

  package static let invalidLimit = Exception(
    "invalid-limit", 400, "querystring limit is not a whole number from 1 to 1000", field: limit)
  package static let invalidOffset = Exception(
    "invalid-offset", 400, "querystring offset is not a whole number", field: offset)
  package static let invalidAfter = Exception(
    "invalid-after", 400, "querystring after names no element of the list", field: after)

  // The names of what every list takes.
  static let all = "all"
  static let limit = "limit"
  static let offset = "offset"
  package static let after = "after"

  /// What every list takes.
  package static let parameters: [Declaration.Parameter] = [
    .optional(.querystring, limit, "1 to 1000; PAGE_SIZE unless given"),
    .optional(.querystring, offset, "how many to pass over"),
    .optional(.querystring, all, "anything: the whole list"),
    .optional(.querystring, after, "the identifier of an element: the list continues after it"),
  ]
  package static let exceptions = [invalidLimit, invalidOffset, invalidAfter]

  fileprivate static let allowedLimits = 1...1000

  /// The elements asked for, and whether more follow.
  ///
  /// - Parameter read: reads elements after one (`nil`: from the first), passing over so many, at most so many. A whole
  ///   list is read in pieces, so that no read transaction lasts long.
  package func collect<Element>(
    after first: Element?, _ read: (_ after: Element?, _ offset: Int, _ limit: Int) throws -> [Element]
  ) throws -> (elements: [Element], isContinued: Bool) {
    if let limit {
      var elements = try read(first, offset, limit + 1)
      let isContinued = elements.count > limit
      if isContinued { elements.removeLast() }
      return (elements, isContinued)
    }
    var elements: [Element] = []
    var last = first
    while true {
      let piece = try read(last, 0, Self.allowedLimits.upperBound)
      elements += piece
      guard piece.count == Self.allowedLimits.upperBound else { return (elements, false) }
      last = piece.last
    }
  }
}

extension Call {
  /// The part of the list that the call asks for.
  ///
  /// - Throws: `invalid-limit` and `invalid-offset`.
  package func paging() throws(Exception) -> Paging {
    let after = query[Paging.after].map(Array.init)
    if query[Paging.all] != nil { return Paging(offset: 0, limit: nil, after: after) }
    var limit = configuration.pageSize
    if let text = query[Paging.limit] {
      guard let number = Int(decimal: text), Paging.allowedLimits.contains(number) else {
        throw Paging.invalidLimit
      }
      limit = number
    }
    var offset = 0
    if let text = query[Paging.offset] {
      guard let number = Int(decimal: text) else { throw Paging.invalidOffset }
      offset = number
    }
    return Paging(offset: offset, limit: limit, after: after)
  }

  /// States the size of the list that is answered, and the query that continues after `last`.
  package mutating func list(
    _ paging: Paging, total: Int, filter: (name: String, value: String)? = nil, continuesAfter last: String?
  ) {
    var next: String?
    if let last, let limit = paging.limit {
      let fields = [filter, (Paging.limit, "\(limit)"), (Paging.after, last)].compactMap { $0 }
      next = fields.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }
    list(total: total, nextQuery: next)
  }
}
