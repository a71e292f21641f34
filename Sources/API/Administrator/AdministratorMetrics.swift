public import DashboardRecords
public import DashboardRouting
public import DashboardWireFormat

extension Administrator {
  /// GET /api/administrator/metric-keys: metrics.
  public enum MetricKeys: Endpoint {
    static let missing = Exception("invalid-keys", 400, "missing querystring keys", field: "keys")
    static let invalid = Exception(
      "invalid-key", 400, "querystring keys has an element that is not NAME/PERIOD", field: "keys")

    public static var route: String { "/api/administrator/metric-keys" }
    public static let declaration = Declaration(
      .get, route,
      "Returns metrics in the order of the keys. Metrics without a count are left out.",
      access: .administrator,
      parameters: [
        .required(
          .querystring, "keys",
          "NAME/PERIOD separated by commas; NAME: \(Metric.Name.allCases.map(\.rawValue).joined(separator: ", ")); "
            + "PERIOD: total, YYYY, YYYY-MM or YYYY-MM-DD, in UTC")
      ],
      exceptions: [missing, invalid],
      settings: [.metricsAreOff])

    public static func answer(_ call: inout Call) throws -> [Metric] {
      guard let keys = call.query["keys"] else { throw missing }
      guard keys.allSatisfy({ $0 < 0x80 }) else { throw invalid }
      let names = try String(decoding: keys, as: UTF8.self)
        .split(separator: ",", omittingEmptySubsequences: false).map(parse)
      return try call.read { snapshot in
        try names.compactMap { name, period in try snapshot.metric(name, period) }
      }
    }

    private static func parse(_ key: Substring) throws -> (Metric.Name, String) {
      let parts = key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, let name = Metric.Name(rawValue: parts[0]), Metric.isPeriod(parts[1]) else {
        throw invalid
      }
      return (name, parts[1])
    }
  }
}
