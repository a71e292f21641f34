import TestSupport
import Testing

/// The tests' own tools.
@Suite("what tests start")
struct WrapperTests {
  @Test("none of fcgiwrap's workers outlives it")
  func workers() throws {
    func isRunning(_ path: String) -> Bool {
      Files.names(in: "/proc").contains { name in
        (try? Files.text("/proc/\(name)/cmdline"))?.contains(path) ?? false
      }
    }
    let path: String
    do {
      let wrapper = try FCGIWrap(environment: [:])
      path = wrapper.socketPath
      #expect(isRunning(path))
    }
    #expect(eventually { !isRunning(path) })
  }
}
