import DashboardAccounts
import DashboardHTML
import DashboardRouting

/// A row in a table of refusals: an exception or a refusal of access.
struct Refusal {
  let code: String
  let status: Int
  let circumstances: String

  init(_ exception: Exception) {
    (code, status, circumstances) = (exception.code, exception.status, exception.circumstances)
  }

  init(_ refusal: AccessRefusal) {
    (code, status, circumstances) = (refusal.rawValue, refusal.status, refusal.circumstances)
  }

  /// A table of refusals, grouped by code. Codes keep the order of their first refusal.
  static func table(_ heading: String, _ refusals: [Refusal]) -> HTML {
    var codes: [String] = []
    for refusal in refusals where !codes.contains(refusal.code) { codes.append(refusal.code) }
    return Frame.table(
      heading, ["Exception", "Status", "Circumstances"],
      groups: codes.map { code in
        let rows = refusals.filter { $0.code == code }
          .map { [HTML.text("\($0.status)"), Frame.words($0.circumstances)] }
        return (Frame.code(code), rows)
      })
  }
}
