import TestSupport
import Testing

/// The tools of the tests end the processes that they start.
@Suite("processes of the tests")
struct WrapperTests {
  private func isRunning(_ path: String) -> Bool {
    Files.names(in: "/proc").contains { name in
      (try? Files.text("/proc/\(name)/cmdline"))?.contains(path) ?? false
    }
  }

  @Test("no process of Apache outlives it", arguments: [Apache.Gateway.cgid, .fcgid])
  func apache(gateway: Apache.Gateway) throws {
    let path: String
    do {
      let apache = try Apache(gateway, settings: ["BCRYPT_WORKLOAD_FACTOR": "4"])
      #expect(try apache.client().request("GET", "/api/settings").status == 200)
      path = String(apache.home.dropLast("/home".count))
      #expect(isRunning(path))
    }
    #expect(eventually { !isRunning(path) })
  }

  @Test("no worker of fcgiwrap outlives it")
  func workers() throws {
    let path: String
    do {
      let wrapper = try FCGIWrap(environment: [:])
      path = wrapper.socketPath
      #expect(isRunning(path))
    }
    #expect(eventually { !isRunning(path) })
  }
}
