import CDashboardLinux
package import DashboardWireFormat
import Glibc

extension MetaVariables {
  /// Appends an environment in C's form: NAME=VALUE strings, ended by NULL (environ(7)).
  mutating func append(environment: UnsafePointer<UnsafeMutablePointer<CChar>?>) {
    var entry = unsafe environment
    while let string = unsafe entry.pointee {
      let length = unsafe strlen(string)
      unsafe string.withMemoryRebound(to: UInt8.self, capacity: length) { bytes in
        append(unsafe UnsafeBufferPointer(start: bytes, count: length).span)
      }
      unsafe entry += 1
    }
  }

  /// The environment of this process.
  package static func ofProcess() -> MetaVariables {
    var variables = MetaVariables()
    if let environment = unsafe dashboard_environment() { unsafe variables.append(environment: environment) }
    return variables
  }
}
