/// Decodes a multipart/form-data body (RFC 7578) that arrives in pieces of any size.
///
/// The bytes gather in one buffer, of which the parts are ranges. What has been searched is not searched again, so that
/// the work is linear in the length of the body however it is cut. The caller limits that length.
///
/// Where RFC 2046 section 5.1.1 leaves room:
/// - A delimiter is CRLF (or the start of the body), `--boundary`, then `--`, or spaces and tabs and CRLF. A line that
///   merely begins with `--boundary`, such as `--boundary2`, is content: the RFC forbids senders such lines but lets
///   receivers take them for delimiters, and this keeps what was sent.
/// - After `--boundary--` comes the epilogue, whatever its first byte is.
/// - A body of a close delimiter alone is a form without fields, as browsers send it, although the grammar wants a part.
/// - The empty line after a part's headers may be missing if the content is empty: its CRLF can be the delimiter's.
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

  /// CRLF `--boundary`. It can overlap itself nowhere, since a boundary has no CR.
  private let delimiter: BytePattern
  private var buffer: [UInt8] = []
  private var parts: [Part] = []
  /// Bytes of their headers.
  private var headersLength = 0
  private var stage = Stage.preamble
  /// The offset from which on to search: behind the candidate's boundary and padding if there is one.
  private(set) var scanned = 0
  /// The start of a line that is a delimiter if its rest, from `scanned` on, allows.
  private var candidate: Int?

  /// `nil` for a boundary that RFC 2046 section 5.1.1 does not allow: 1 to 70 letters, digits, `'()+_,-./:=?` and spaces,
  /// the last no space.
  package init?(boundary: Bytes) {
    guard (1...70).contains(boundary.count), boundary.allSatisfy(Self.isBoundaryByte),
      boundary.last != UInt8(ascii: " ")
    else { return nil }
    delimiter = BytePattern(Array("\r\n--".utf8) + boundary)
  }

  /// Decodes a body that is all there, without copying it.
  package static func decode(_ body: [UInt8], boundary: Bytes) throws(FormError) -> MultipartBody {
    guard var decoder = MultipartDecoder(boundary: boundary) else { throw .badBoundary }
    decoder.buffer = body
    try decoder.scan()
    return try decoder.finish()
  }

  /// Takes the next bytes of the body, any number of them; those of the epilogue are dropped. Throws at the end of the
  /// first part that is wrong, and the same error ever after.
  package mutating func append(_ bytes: Bytes) throws(FormError) {
    switch stage {
    case .preamble, .part: break
    case .epilogue: return
    case .failed(let error): throw error
    }
    buffer.append(contentsOf: bytes)
    try scan()
  }

  /// The whole body. Throws if it was cut short, that is if there was no close delimiter, or if `append` threw.
  package consuming func finish() throws(FormError) -> MultipartBody {
    switch stage {
    case .epilogue: return MultipartBody(bytes: buffer, parts: parts)
    case .failed(let error): throw error
    case .preamble, .part: throw .cutShort
    }
  }

  /// Goes on as far as the bytes so far decide.
  private mutating func scan() throws(FormError) {
    do {
      while try scanLine() {}
    } catch {
      stage = .failed(error)
      throw error
    }
  }

  /// Goes to the end of the next line that begins as a delimiter does. False if it takes more bytes, or no more matter.
  private mutating func scanLine() throws(FormError) -> Bool {
    let partStart: Int?
    switch stage {
    case .preamble: partStart = nil
    case .part(let start): partStart = start
    case .epilogue: return false
    case .failed(let error): throw error
    }
    candidate = candidate ?? nextCandidate()
    guard let end = candidate, let line = restOfLine() else { return false }
    candidate = nil
    guard line != .content else { return true }
    if let partStart { try addPart(partStart..<end) }
    stage = line == .delimiter ? .part(start: scanned) : .epilogue
    return true
  }

  /// Where the next `CRLF--boundary` begins, and moves `scanned` to its end.
  private mutating func nextCandidate() -> Int? {
    if scanned == 0 {
      // The first delimiter needs no CRLF before it at the very start.
      let atStart = delimiter.bytes.dropFirst(2)
      guard buffer.count >= atStart.count else { return nil }
      if buffer.starts(with: atStart) {
        scanned = atStart.count
        return 0
      }
    }
    guard let start = delimiter.position(in: buffer[scanned...]) else {
      // The last bytes may begin a delimiter that the next ones complete.
      scanned = max(scanned, buffer.count - delimiter.bytes.count + 1)
      return nil
    }
    scanned = start + delimiter.bytes.count
    return start
  }

  /// What a line is that begins with `--boundary`, and moves `scanned` to its end; `nil` if the next bytes decide.
  private mutating func restOfLine() -> Line? {
    scanned += buffer[scanned...].prefix(while: Self.isPadding).count
    // A boundary ends in neither space nor tab: such a byte here is padding.
    let isPadded = Self.isPadding(buffer[scanned - 1])
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

  /// Adds the part between two delimiters: headers, an empty line, content.
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
    try fields.checkContent(buffer[content])
    parts.append(
      Part(
        name: fields.name, fileName: fields.fileName, contentType: fields.contentType, content: content))
  }

  private static let cr = UInt8(ascii: "\r")
  private static let lf = UInt8(ascii: "\n")
  private static let hyphen = UInt8(ascii: "-")
  /// The end of the last header's line and the line after it.
  private static let emptyLine = BytePattern(Array("\r\n\r\n".utf8))

  /// RFC 2046 section 5.1.1: transport-padding.
  private static func isPadding(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// RFC 2046 section 5.1.1: bchars.
  private static func isBoundaryByte(_ byte: UInt8) -> Bool {
    byte.isLetterOrDigit || "'()+_,-./:=? ".utf8.contains(byte)
  }
}

extension FormError {
  fileprivate static let badBoundary = FormError("the multipart boundary is none that RFC 2046 allows")
  fileprivate static let cutShort = FormError("the multipart body is cut short: it has no close delimiter")
  fileprivate static let tooManyParts = FormError(
    "the multipart body has more than \(FormLimits.parts) parts")
  fileprivate static let headersTooLong = FormError(
    "the headers of all parts are together longer than \(FormLimits.headersLength) bytes")
  fileprivate static let partHeadersTooLong = FormError(
    "a part's headers are longer than \(FormLimits.partHeaderLength) bytes")
}
