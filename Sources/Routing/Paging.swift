import DashboardWireFormat

/// The requested part of a list.
package struct Paging: Sendable {
  /// The number of elements to skip, 0 or more.
  package let offset: Int
  /// The maximum number of elements, 1…1000; `nil` for the whole list.
  package let limit: Int?
  /// The identifier of the element after which the part begins, as posted; `nil` for the beginning of the
  /// list.
  package let after: [UInt8]?
  /// What a `Link` gave beside `after`: the place of that element, in case it is gone.
  package let place: [UInt8]?

  package static let invalidLimit = Exception(
    "invalid-limit", 400, "querystring limit is not a whole number from 1 to 1000", field: limit)
  package static let invalidOffset = Exception(
    "invalid-offset", 400, "querystring offset is not a whole number", field: offset)
  package static let invalidAfter = Exception(
    "invalid-after", 400, "querystring after is not an element of the list", field: after)

  // The names of the parameters of every list.
  package static let all = "all"
  static let limit = "limit"
  package static let offset = "offset"
  package static let after = "after"
  static let place = "place"

  private static let parts: [Declaration.Parameter] = [
    .optional(.querystring, limit, "1 to 1000; PAGE_SIZE by default"),
    .optional(.querystring, offset, "the number of elements to skip"),
    .optional(.querystring, all, "the whole list, unless it is false, 0 or no"),
  ]
  /// The parameters of a list by name, whose elements need no place.
  package static let parametersByName =
    parts + [.optional(.querystring, after, "a name: the list continues after it")]
  /// The parameters of every other list.
  package static let parameters: [Declaration.Parameter] =
    parts + [
      .optional(.querystring, after, "the identifier of an element: the list continues after it"),
      .optional(.querystring, place, "from a Link: where the list continues if the element is gone"),
    ]
  package static let exceptions = [invalidLimit, invalidOffset, invalidAfter]

  fileprivate static let denials: [StaticString] = ["false", "0", "no"]
  fileprivate static let allowedLimits = 1...1000

  /// Reads the requested elements. A whole list is read in pieces, so that no read transaction is long.
  ///
  /// - Parameters:
  ///   - first: the place after which the part begins; `nil` for the beginning of the list.
  ///   - place: the place of an element.
  ///   - read: reads at most `limit` elements after a place, and skips `offset`.
  /// - Returns: the elements, and true if more follow.
  package func collect<Element, Place>(
    after first: Place?, place: (Element) -> Place,
    _ read: (_ after: Place?, _ offset: Int, _ limit: Int) throws -> [Element]
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
      last = piece.last.map(place)
    }
  }
}

extension Call {
  /// The requested part of a list.
  ///
  /// - Throws: `invalid-limit` and `invalid-offset`.
  package func paging() throws(Exception) -> Paging {
    let (after, place) = (query[Paging.after].map(Array.init), query[Paging.place].map(Array.init))
    if let all = query[Paging.all], !Paging.denials.contains(where: { all.isEqual(toLowerCase: $0) }) {
      return Paging(offset: 0, limit: nil, after: after, place: place)
    }
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
    return Paging(offset: offset, limit: limit, after: after, place: place)
  }

  /// Sets the size of the answered list and the query of its next part.
  ///
  /// - Parameters:
  ///   - filter: the parameter that limits the list, with its value percent-encoded.
  ///   - last: the identifier of the last answered element, and its place if the list is in the order of creation; `nil` if no
  ///     elements follow.
  package mutating func list(
    _ paging: Paging, total: Int, filter: (name: String, value: String)? = nil,
    continuesAfter last: (id: String, place: String?)?
  ) {
    var next: String?
    if let last, let limit = paging.limit {
      let fields = [
        filter, (Paging.limit, "\(limit)"), (Paging.after, last.id), last.place.map { (Paging.place, $0) },
      ].compactMap { $0 }
      next = fields.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }
    list(total: total, nextQuery: next)
  }
}
