@testable import DashboardWireFormat
import TestSupport
import Testing

@Suite("Multipart bodies in pieces")
struct MultipartSplitTests {
  @Test("a whole body", arguments: MultipartSample.all)
  func whole(sample: MultipartSample) throws {
    let body = try MultipartDecoder.decode(sample.body, boundary: Array(sample.boundary.utf8)[...])
    #expect(body.fields == sample.fields)
  }

  @Test("a body cut in two at every offset", arguments: MultipartSample.all)
  func halves(sample: MultipartSample) throws {
    let whole = try multipart(sample.body, boundary: sample.boundary, cuts: [])
    #expect(whole.fields == sample.fields)
    for cut in 0...sample.body.count {
      let body = try multipart(sample.body, boundary: sample.boundary, cuts: [cut])
      #expect(body.parts == whole.parts, "cut at \(cut)")
    }
  }

  @Test("a body in pieces of 1 to 80 bytes", arguments: MultipartSample.all)
  func equalPieces(sample: MultipartSample) throws {
    for size in 1...80 {
      let cuts = Array(stride(from: size, to: sample.body.count, by: size))
      let body = try multipart(sample.body, boundary: sample.boundary, cuts: cuts)
      #expect(body.fields == sample.fields, "pieces of \(size)")
    }
  }

  @Test("a body cut at random, with empty pieces", arguments: MultipartSample.all)
  func randomPieces(sample: MultipartSample) throws {
    var random = SeededRandom(seed: 7578)
    for _ in 0..<300 {
      let count = Int.random(in: 1...12, using: &random)
      let cuts = (0..<count).map { _ in Int.random(in: 0...sample.body.count, using: &random) }.sorted()
      let body = try multipart(sample.body, boundary: sample.boundary, cuts: cuts)
      #expect(body.fields == sample.fields, "cuts at \(cuts)")
    }
  }

  @Test(
    "cut short at every offset: refused, unless only the epilogue is missing", arguments: MultipartSample.all)
  func truncations(sample: MultipartSample) throws {
    for length in 0...sample.body.count {
      let short = Array(sample.body[..<length])
      for cuts in [[], Array(1..<max(length, 1))] {
        if length < sample.end {
          #expect(throws: FormError.self, "\(length) bytes") {
            try multipart(short, boundary: sample.boundary, cuts: cuts)
          }
        } else {
          let body = try multipart(short, boundary: sample.boundary, cuts: cuts)
          #expect(body.fields == sample.fields, "\(length) bytes")
        }
      }
    }
  }

  @Test("random mutations trap nothing, and pieces agree with the whole", arguments: MultipartSample.all)
  func mutations(sample: MultipartSample) {
    var random = SeededRandom(seed: 2046)
    let bytes = Array("\r\n-- \t\0:;=\"\\%2boundary\u{80}".utf8)
    for _ in 0..<1500 {
      var body = sample.body
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let start = Int.random(in: 0...body.count, using: &random)
        let end = min(body.count, start + Int.random(in: 0...3, using: &random))
        let inserted = (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in
          bytes.randomElement(using: &random)
        }
        body.replaceSubrange(start..<end, with: inserted)
      }
      let whole = Result { try multipart(body, boundary: sample.boundary, cuts: []).fields }
      let cut = Int.random(in: 0...body.count, using: &random)
      let halves = Result { try multipart(body, boundary: sample.boundary, cuts: [cut]).fields }
      #expect((try? whole.get()) == (try? halves.get()), "cut at \(cut)")
      if case .failure(let error) = whole { #expect(error is FormError) }
    }
  }

  @Test("random bytes trap nothing")
  func randomBytes() {
    var random = SeededRandom(seed: 9110)
    let bytes = Array("\r\n-b ;=\"\\".utf8)
    for _ in 0..<5000 {
      let body = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
        bytes.randomElement(using: &random)
      }
      let whole = try? multipart(body, boundary: "b", cuts: []).parts
      let pieces = try? multipart(body, boundary: "b", cuts: Array(body.indices)).parts
      #expect(whole == pieces)
      _ = HeaderValue(body[...]).parameter("b")?.unescaped
    }
  }

  @Test("a malformed part is refused at its end and at every later call")
  func failure() throws {
    var decoder = try MultipartDecoder(boundary: [0x62])
    try decoder.append(Array("--b\r\nwrong\r\n\r\nx\r\n--b".utf8)[...])
    for bytes in ["\r\n", "", "\r\n--b--"] {
      #expect(throws: FormError("a part has a header line that is not a name, a colon and a value")) {
        try decoder.append(Array(bytes.utf8)[...])
      }
    }
    #expect(throws: FormError("a part has a header line that is not a name, a colon and a value")) {
      try decoder.finish()
    }
  }

  @Test("the epilogue is not kept")
  func epilogue() throws {
    var decoder = try MultipartDecoder(boundary: [0x62])
    try decoder.append(Array("--b--".utf8)[...])
    try decoder.append(Array(repeating: 0, count: 1000)[...])
    #expect(try decoder.finish().bytes.count == 5)
  }

  @Test(
    "no byte is searched more often than the delimiter is long",
    arguments: ["x", "\r", "\r\n-", "\r\n--boundar", "\r\n--boundary \r", "\r\n--boundary-"])
  func linear(content: String) throws {
    let head = "--boundary\r\nContent-Disposition: form-data; name=n\r\n\r\n"
    let count = 200_000 / content.utf8.count
    let body = Array((head + String(repeating: content, count: count) + ".\r\n--boundary--").utf8)
    try expectLinear(body, fields: 1)
  }

  @Test("endless padding is not searched again")
  func linearPadding() throws {
    let padding = String(repeating: " ", count: 200_000)
    let body =
      "--boundary\(padding)\r\nContent-Disposition: form-data; name=n\r\n\r\n\r\n--boundary\(padding)x"
    try expectLinear(Array("\(body)\r\n--boundary--".utf8), fields: 1)
  }

  /// Expects that after each byte only the possible beginning of a delimiter remains to be searched again.
  private func expectLinear(_ body: [UInt8], fields: Int) throws {
    var decoder = try MultipartDecoder(boundary: Array("boundary".utf8)[...])
    let delimiterLength = "\r\n--boundary".utf8.count
    var searched = 0
    var most = 0
    var goesBack = false
    for offset in body.indices {
      try decoder.append(body[offset...offset])
      goesBack = goesBack || decoder.scanned < searched
      searched = decoder.scanned
      most = max(most, offset + 1 - searched)
    }
    #expect(!goesBack)
    #expect(most <= delimiterLength)
    #expect(try decoder.finish().parts.count == fields)
  }
}
