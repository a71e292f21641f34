import DashboardRouting
import DashboardWireFormat
import TestSupport

/// A request to a router without a socket.
enum TestRequest {
  static func respond(
    _ router: Router, _ method: String, _ path: String, _ variables: [String: String] = [:],
    body: String = ""
  ) -> (status: Int, text: String) {
    respond(router, method, path, variables, bytes: Array(body.utf8))
  }

  static func respond(
    _ router: Router, _ method: String, _ path: String, _ variables: [String: String] = [:], bytes: [UInt8]
  ) -> (status: Int, text: String) {
    var request = Request()
    func set(_ name: String, _ value: String) {
      request.variables.append(Array("\(name)=\(value)".utf8).span)
    }
    set("REQUEST_METHOD", method)
    set("REQUEST_URI", path)
    for (name, value) in variables { set(name, value) }
    if !bytes.isEmpty {
      set("CONTENT_TYPE", "application/x-www-form-urlencoded")
      set("CONTENT_LENGTH", "\(bytes.count)")
      request.body = bytes
    }
    return serialized(router.respond(to: request))
  }

  static func serialized(_ response: Response) -> (status: Int, text: String) {
    var output: [UInt8] = []
    response.serialize(into: &output, omitBody: false)
    return (response.status, String(decoding: output, as: UTF8.self))
  }
}

/// Variables with others, which win.
func + (first: [String: String], second: [String: String]) -> [String: String] {
  first.merging(second) { $1 }
}
