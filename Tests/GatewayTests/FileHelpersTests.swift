import DashboardSystem
import TestSupport
import Testing

@Suite("Files and descriptors")
struct FileHelpersTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test("a created file has its contents and mode 0600")
  func create() throws {
    let path = directory.path("new")
    let contents = [UInt8](repeating: 7, count: 100_000)
    try File.create(path, contents: contents)
    try File.syncDirectory(directory.path)
    #expect(try File.read(path) == contents)
    #expect(try Files.mode(path) == 0o600)
  }

  @Test("creating a file that exists fails and keeps it")
  func exclusive() throws {
    let path = directory.path("old")
    try Files.write("precious", to: path)
    let error = #expect(throws: SystemError.self) { try File.create(path, contents: [1]) }
    #expect(error?.errno == .fileExists)
    #expect(error?.description == "create \(path): File exists")
    #expect(try Files.text(path) == "precious")
  }

  @Test("reading a missing file names the file and the reason")
  func missing() {
    let error = #expect(throws: SystemError.self) { try File.read("/nonexistent/file") }
    #expect(error?.description == "open /nonexistent/file: No such file or directory")
  }

  @Test("reading stops soon after the limit", arguments: [0, 1, 4095, 4096, 4097, 20_000])
  func limit(limit: Int) throws {
    let path = directory.path("long")
    try File.create(path, contents: [UInt8](repeating: 1, count: 20_000))
    let file = try FileDescriptor.open(path)
    defer { file.close() }
    let read = try file.readToEnd(limit: limit).count
    #expect(read > limit || read == 20_000)
    #expect(read <= limit + 4096)
  }

  @Test("only ASCII's capitals are folded")
  func folding() {
    for byte in UInt8.min...UInt8.max {
      let isCapital = (0x41...0x5A).contains(byte)
      #expect(byte.asciiLowercased == (isCapital ? byte + 32 : byte))
    }
  }
}
