/// Decodes a multipart/form-data body (RFC 7578) that arrives in pieces of any size.
///
/// One buffer collects the bytes, and parts are ranges of it. No byte is searched twice, so the time is linear in the length of
/// the body, however it is cut. The caller limits that length.
///
/// Where RFC 2046 section 5.1.1 leaves a choice:
/// - A delimiter is CRLF (or the start of the body), `--boundary`, and then either `--`, or spaces and tabs and CRLF. A line that
///   only begins with `--boundary`, such as `--boundary2`, is content. The RFC forbids senders such lines, and lets receivers
///   take them for delimiters; treating them as content keeps what was sent.
/// - The epilogue follows `--boundary--`, whatever its first byte is.
/// - A boundary may end with a space, which the RFC forbids senders. That space is no padding.
/// - A close delimiter alone is a form without fields, as browsers send it, although the grammar requires a part.
/// - The empty line after a part's headers may be missing if the content is empty. Its CRLF can be the delimiter's.
package struct MultipartDecoder {
  private enum Stage {
    case preamble
    case part(start: Int)
    case epilogue
    case failed(FormError)
  }

  private enum Line {
    case delimiter
    case closeDelimiter
    case content
  }

  /// CRLF `--boundary`. Occurrences never overlap, since a boundary has no CR.
  private let delimiter: BytePattern
  private var buffer: [UInt8] = []
  private var parts: [Part] = []
  /// The length of all parts' headers, in bytes.
  private var headersLength = 0
  private var stage = Stage.preamble
  /// The offset at which the search goes on: after the candidate's boundary and padding, if there is a candidate.
  private(set) var scanned = 0
  /// The `CRLF--boundary` of a line that is a delimiter if the bytes from `scanned` on allow it.
  private var candidate: Range<Int>?

  /// Takes more boundaries than RFC 2046 section 5.1.1 allows senders: any that can stand in a header.
  ///
  /// - Throws: if it has not 1 to 70 bytes, or has a control character other than a tab (RFC 9110 section 5.5).
  package init(boundary: Bytes) throws(FormError) {
    guard !boundary.isEmpty else { throw .emptyBoundary }
    guard boundary.count <= 70 else { throw .longBoundary }
    guard boundary.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }) else {
      throw .controlInBoundary
    }
    delimiter = BytePattern(Array("\r\n--".utf8) + boundary)
  }

  /// Decodes a complete body without copying it.
  package static func decode(_ body: [UInt8], boundary: Bytes) throws(FormError) -> MultipartBody {
    var decoder = try MultipartDecoder(boundary: boundary)
    decoder.buffer = body
    try decoder.scan()
    return try decoder.finish()
  }

  /// Takes the next bytes of the body, any number of them. Drops bytes of the epilogue.
  ///
  /// - Throws: at the end of the first malformed part, and the same error at each later call.
  package mutating func append(_ bytes: Bytes) throws(FormError) {
    switch stage {
    case .preamble, .part: break
    case .epilogue: return
    case .failed(let error): throw error
    }
    buffer.append(contentsOf: bytes)
    try scan()
  }

  /// The whole body.
  ///
  /// - Throws: if the close delimiter is missing, or if `append` threw.
  package consuming func finish() throws(FormError) -> MultipartBody {
    switch stage {
    case .epilogue: return MultipartBody(bytes: buffer, parts: parts)
    case .failed(let error): throw error
    case .preamble, .part: throw unfinished
    }
  }

  /// Why the body has no close delimiter. Looks at the lines with the boundary that are no delimiters.
  private var unfinished: FormError {
    let boundary = BytePattern(Array(delimiter.bytes.dropFirst(2)))
    var rest = buffer[...]
    while let start = boundary.position(in: rest) {
      let line = buffer[start...].dropFirst(boundary.bytes.count)
      let end = line.drop(while: Self.isPadding).prefix(2)
      let before = buffer[..<start].suffix(2)
      if end.first == Self.lf || before.last == Self.lf && before.first != Self.cr { return .lineFeeds }
      if before.last == Self.cr || end.first == Self.cr && end.count == 2 && end.last != Self.lf {
        return .carriageReturns
      }
      rest = line
    }
    if case .preamble = stage, candidate == nil, !boundary.bytes.starts(with: buffer) { return .noDelimiter }
    return .cutShort
  }

  /// Decodes as far as the bytes allow.
  private mutating func scan() throws(FormError) {
    do {
      while try scanLine() {}
    } catch {
      stage = .failed(error)
      throw error
    }
  }

  /// Moves to the end of the next line that begins like a delimiter.
  ///
  /// - Returns: false if more bytes are needed, or if the epilogue has begun.
  private mutating func scanLine() throws(FormError) -> Bool {
    let partStart: Int?
    switch stage {
    case .preamble: partStart = nil
    case .part(let start): partStart = start
    case .epilogue: return false
    case .failed(let error): throw error
    }
    candidate = candidate ?? nextCandidate()
    guard let found = candidate, let line = restOfLine(after: found.upperBound) else { return false }
    candidate = nil
    guard line != .content else { return true }
    if let partStart { try addPart(partStart..<found.lowerBound) }
    stage = line == .delimiter ? .part(start: scanned) : .epilogue
    return true
  }

  /// The next `CRLF--boundary`. Moves `scanned` to its end.
  private mutating func nextCandidate() -> Range<Int>? {
    if scanned == 0 {
      // At the start of the body, the first delimiter has no CRLF before it.
      let atStart = delimiter.bytes.dropFirst(2)
      guard buffer.count >= atStart.count else { return nil }
      if buffer.starts(with: atStart) {
        scanned = atStart.count
        return 0..<scanned
      }
    }
    guard let start = delimiter.position(in: buffer[scanned...]) else {
      // The last bytes may begin a delimiter whose rest has not arrived.
      scanned = max(scanned, buffer.count - delimiter.bytes.count + 1)
      return nil
    }
    scanned = start + delimiter.bytes.count
    return start..<scanned
  }

  /// The kind of a line whose `--boundary` ends at an offset; `nil` if more bytes are needed. Moves `scanned` to its end.
  private mutating func restOfLine(after boundaryEnd: Int) -> Line? {
    scanned += buffer[scanned...].prefix(while: Self.isPadding).count
    let isPadded = scanned > boundaryEnd
    var rest = buffer[scanned...]
    switch (rest.popFirst(), rest.first) {
    case (nil, _), (Self.cr, nil): return nil
    case (Self.cr, Self.lf):
      scanned += 2
      return .delimiter
    case (Self.hyphen, nil) where !isPadded: return nil
    case (Self.hyphen, Self.hyphen) where !isPadded:
      scanned += 2
      return .closeDelimiter
    default: return .content
    }
  }

  /// Adds the part between two delimiters: headers, an empty line and content.
  private mutating func addPart(_ range: Range<Int>) throws(FormError) {
    guard parts.count < FormLimits.parts else { throw .tooManyParts }
    var headers = buffer[range]
    var content = range.upperBound..<range.upperBound
    if let end = Self.emptyLine.position(in: headers.prefix(FormLimits.partHeaderLength)) {
      headers = headers[..<end]
      content = end + Self.emptyLine.bytes.count..<range.upperBound
    } else if headers.count > FormLimits.partHeaderLength - 2 {
      throw .partHeadersTooLong
    }
    headersLength += headers.count
    guard headersLength <= FormLimits.headersLength else { throw .headersTooLong }
    let fields = try PartHeaders(headers)
    parts.append(
      Part(
        name: fields.name, fileName: fields.fileName, contentType: fields.contentType,
        charset: fields.charset,
        fault: fields.fault, content: content))
  }

  private static let cr = UInt8(ascii: "\r")
  private static let lf = UInt8(ascii: "\n")
  private static let hyphen = UInt8(ascii: "-")
  /// The end of the last header line, and the empty line.
  private static let emptyLine = BytePattern(Array("\r\n\r\n".utf8))

  /// The transport-padding of RFC 2046 section 5.1.1.
  private static func isPadding(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}

extension FormError {
  fileprivate static let emptyBoundary = FormError("the boundary of the Content-Type is empty")
  fileprivate static let longBoundary = FormError("the boundary of the Content-Type is longer than 70 bytes")
  fileprivate static let controlInBoundary = FormError(
    "the boundary of the Content-Type has a control character")
  fileprivate static let noDelimiter = FormError(
    "no line of the multipart body has the boundary of its Content-Type")
  fileprivate static let cutShort = FormError("the multipart body is cut short: it has no close delimiter")
  fileprivate static let tooManyParts = FormError(
    "the multipart body has more than \(FormLimits.parts) parts")
  fileprivate static let headersTooLong = FormError(
    "the headers of all parts are together longer than \(FormLimits.headersLength) bytes")
  fileprivate static let partHeadersTooLong = FormError(
    "a part's headers are longer than \(FormLimits.partHeaderLength) bytes")
}
