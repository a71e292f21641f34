import CLinux
import Glibc
package import WireFormat

extension MetaVariables {
  /// Appends C's form of an environment: NAME=VALUE strings, ended by NULL (environ(7)). A string without `=` is
  /// passed over.
  mutating func append(environment: UnsafePointer<UnsafeMutablePointer<CChar>?>) {
    var entry = unsafe environment
    while let string = unsafe entry.pointee {
      let length = unsafe strlen(string)
      let bytes = unsafe UnsafeRawBufferPointer(start: string, count: length)
      if let equals = unsafe bytes.firstIndex(of: UInt8(ascii: "=")) {
        unsafe bytes.withMemoryRebound(to: UInt8.self) { bytes in
          let span = unsafe bytes.span
          append(name: span.extracting(first: equals), value: span.extracting(droppingFirst: equals + 1))
        }
      }
      unsafe entry += 1
    }
  }

  /// The variables that this process was started with.
  package static func ofProcess() -> MetaVariables {
    var variables = MetaVariables()
    if let environment = unsafe dashboard_environment() { unsafe variables.append(environment: environment) }
    return variables
  }
}
