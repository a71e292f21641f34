/// The exit statuses of the program (sysexits.h).
enum ExitStatus {
  static let success: Int32 = 0
  static let usage: Int32 = 64
  static let unavailable: Int32 = 69
  static let software: Int32 = 70
  static let cantCreate: Int32 = 73
  static let temporary: Int32 = 75
  static let configuration: Int32 = 78
}
