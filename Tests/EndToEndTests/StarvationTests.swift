import TestSupport
import Testing

/// Slow clients delay no other client: one event thread, two nginx workers, many clients.
@Suite("starvation")
struct StarvationTests {
  @Test("64 clients on kept connections are all served")
  func keptClients() throws {
    let site = try Site(.fastcgi, settings: ["EVENT_THREADS": "1"])
    let ada = try site.signUp("ada")
    let clients = try (0..<64).map { _ in try site.client() }
    let headers = [("Authorization", "Bearer \(ada.sessionid).\(ada.token)")]
    let counts = try Threads.run(64) { index in
      var count = 0
      for _ in 0..<20
      where try clients[index].request("GET", "/api/user/current-session", headers: headers).status == 200 {
        count += 1
      }
      return count
    }
    #expect(counts.allSatisfy { $0 == 20 })
    // All connections are idle now. A new one is served.
    #expect(try site.request("GET", "/api/settings").status == 200)
  }

  @Test("100 peers with one byte delay no other client")
  func oneByte() throws {
    let site = try Site(.fastcgi, settings: ["EVENT_THREADS": "1"])
    let path = try #require(site.responder?.socketPath)
    let peers = try (0..<100).map { _ in try StreamSocket(.unix(path)) }
    for peer in peers { try peer.send([1]) }
    let ada = try site.signUp("ada")
    #expect(try site.request("GET", "/api/user/current-session", as: ada).status == 200)
    withExtendedLifetime(peers) {}
  }

  @Test("100 endless bodies delay no other client, even without buffering in nginx")
  func endlessBodies() throws {
    let site = try Site(
      .fastcgi, settings: ["EVENT_THREADS": "1"], server: "\nfastcgi_request_buffering off;\n")
    let request = HTTPClient.bytes(
      "POST", "/api/user/create-account",
      headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", "1000000")])
    let peers = try (0..<100).map { _ in try site.client() }
    for peer in peers { try peer.socket.send(request + Array("username=".utf8)) }
    let ada = try site.signUp("ada")
    for _ in 0..<20 { #expect(try site.request("GET", "/api/user/current-session", as: ada).status == 200) }
    withExtendedLifetime(peers) {}
  }
}
