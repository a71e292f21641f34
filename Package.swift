// swift-tools-version: 6.2
import PackageDescription

/// The settings of all modules: no warnings, and imports are internal unless they say otherwise.
let checked: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// Modules that use C or raw memory must also mark every unsafe expression.
let checkedAndMemorySafe: [SwiftSetting] = checked + [.strictMemorySafety()]

/// A module: `Sources/NAME` holds `DashboardNAME`. The prefix is needed because target names must be unique
/// in a consumer's whole package graph, where names such as `Crypto` and `Store` are common.
func module(
  _ name: String, _ modules: [String] = [], c libraries: [String] = [], folder: String? = nil,
  touchesMemory: Bool = false
) -> Target {
  .target(
    name: "Dashboard\(name)",
    dependencies: (modules.map { "Dashboard\($0)" } + libraries.map { "CDashboard\($0)" }).map {
      .init(stringLiteral: $0)
    },
    path: "Sources/\(folder ?? name)", swiftSettings: touchesMemory ? checkedAndMemorySafe : checked)
}

/// A C library of Debian: `Sources/CNAME` holds a module map and a header.
func library(_ name: String) -> Target { .systemLibrary(name: "CDashboard\(name)", path: "Sources/C\(name)") }

/// The tests of a module, in `Tests/NAMETests`.
func tests(_ name: String, _ modules: [String], c libraries: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: (modules.map { "Dashboard\($0)" } + libraries.map { "CDashboard\($0)" } + ["TestSupport"])
      .map {
        .init(stringLiteral: $0)
      },
    swiftSettings: checked)
}

let package = Package(
  name: "dashboard",
  products: [
    .executable(name: "dashboard", targets: ["dashboard"]),
    .library(name: "DashboardAPI", targets: ["DashboardAPI"]),
  ],
  targets: [
    library("FastCGI"), library("LMDB"), library("Crypt"), library("Sodium"), library("Nettle"),
    library("QRCode"), library("Unicode"), library("Linux"),

    module("System", c: ["Linux"], touchesMemory: true),
    module("WireFormat", ["System"], c: ["Linux"], touchesMemory: true),
    module("Gateway", ["System", "WireFormat"], c: ["FastCGI", "Linux"], touchesMemory: true),
    module("Crypto", ["System", "WireFormat"], c: ["Crypt", "Sodium", "Nettle"], touchesMemory: true),
    module("Unicode", ["WireFormat"], c: ["Unicode"], touchesMemory: true),
    module("Records", ["Crypto", "WireFormat"], touchesMemory: true),
    module("Settings", ["Crypto", "Records", "System", "WireFormat"], touchesMemory: true),
    module("LMDB", ["System", "WireFormat"], c: ["LMDB"], touchesMemory: true),
    module("Store", ["LMDB", "Records", "Crypto", "System", "WireFormat"]),
    module(
      "Accounts", ["Store", "Settings", "Records", "WebAuthn", "Crypto", "Unicode", "System", "WireFormat"]),
    module(
      "Routing", ["Accounts", "Store", "Settings", "Records", "Crypto", "System", "WireFormat"]),
    module(
      "Endpoints", ["Routing", "Accounts", "Store", "Settings", "Records", "Crypto", "WireFormat"],
      folder: "API"),
    module("WebAuthn", ["Crypto", "WireFormat"]),
    module("QRCode", c: ["QRCode"], touchesMemory: true),
    module("HTML", ["QRCode"]),
    module("Explorer", ["HTML", "Routing", "Accounts", "Settings", "WireFormat"]),
    module(
      "Site",
      [
        "HTML", "QRCode", "Endpoints", "Routing", "Accounts", "Settings", "Records", "Crypto", "WireFormat",
      ]),
    // The module has the name of the product, so the folder `API` holds `DashboardEndpoints`.
    module(
      "API",
      ["Endpoints", "Routing", "Accounts", "Store", "Settings", "Records", "Crypto", "System", "WireFormat"],
      folder: "Library"),
    .executableTarget(
      name: "dashboard",
      dependencies: [
        "DashboardAccounts", "DashboardCrypto", "DashboardEndpoints", "DashboardExplorer", "DashboardGateway",
        "DashboardRecords", "DashboardRouting", "DashboardSettings", "DashboardSite",
        "DashboardStore", "DashboardSystem", "DashboardWireFormat",
      ],
      swiftSettings: checkedAndMemorySafe),

    .target(
      name: "TestSupport", dependencies: ["CDashboardLinux", "CDashboardNettle", "CDashboardSodium"],
      path: "Tests/TestSupport",
      swiftSettings: checked),
    .testTarget(name: "CompilerTests", dependencies: ["TestSupport"], swiftSettings: checked),
    tests("WireFormat", ["WireFormat"]),
    tests("LMDB", ["LMDB", "WireFormat"]),
    tests("Unicode", ["Unicode", "WireFormat"]),
    tests("Crypto", ["Crypto", "Records", "WireFormat"]),
    tests("WebAuthn", ["WebAuthn", "Crypto", "WireFormat"]),
    tests("HTML", ["HTML", "QRCode"]),
    tests("Records", ["Records", "Crypto", "WireFormat"]),
    tests("Settings", ["Settings", "Records", "Crypto", "WireFormat"]),
    tests("Accounts", ["Accounts", "Records", "Crypto", "WireFormat"]),
    tests("Store", ["Store", "LMDB", "Records", "Crypto", "WireFormat"]),
    tests("Gateway", ["Gateway", "System", "WireFormat"], c: ["Linux"]),
    tests(
      "API", ["Endpoints", "Routing", "Accounts", "Store", "Settings", "Records", "Crypto", "WireFormat"]),
    tests("Explorer", ["Explorer", "HTML", "Endpoints", "Routing", "Settings", "Records", "WireFormat"]),
    tests(
      "Site",
      ["Site", "HTML", "Endpoints", "Routing", "Accounts", "Settings", "Records", "Crypto", "WireFormat"]),
    tests(
      "EndToEnd",
      ["Site", "Endpoints", "Routing", "Accounts", "Store", "Settings", "Records", "Crypto", "WireFormat"]),
  ],
  swiftLanguageModes: [.v6]
)

// BENCHMARKS=1 adds the program of `deploy/bench`, which no other build needs.
if Context.environment["BENCHMARKS"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "DashboardEndpoints", "DashboardRouting", "DashboardWireFormat", "DashboardRecords",
        "DashboardCrypto", "DashboardSettings", "DashboardStore", "DashboardWebAuthn", "CDashboardLinux",
        "TestSupport",
      ],
      path: "Tests/Benchmarks/Program", swiftSettings: checked))
}
