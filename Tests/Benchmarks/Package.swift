// swift-tools-version: 6.2
import PackageDescription

// The benchmarks call `package` declarations, which are visible in one package only. So this package compiles the program's modules
// itself, through the symbolic links Sources/Modules and Sources/TestSupport. `deploy/bench` compares these targets with the root's
// Package.swift.

let checked: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

let checkedAndMemorySafe: [SwiftSetting] = checked + [.strictMemorySafety()]

func module(
  _ name: String, _ modules: [String] = [], c libraries: [String] = [], folder: String? = nil,
  touchesMemory: Bool = false
) -> Target {
  .target(
    name: "Dashboard\(name)",
    dependencies: (modules.map { "Dashboard\($0)" } + libraries.map { "CDashboard\($0)" }).map {
      .init(stringLiteral: $0)
    },
    path: "Sources/Modules/\(folder ?? name)", swiftSettings: touchesMemory ? checkedAndMemorySafe : checked)
}

func library(_ name: String) -> Target {
  .systemLibrary(name: "CDashboard\(name)", path: "Sources/Modules/C\(name)")
}

let package = Package(
  name: "benchmarks",
  targets: [
    library("LMDB"), library("Crypt"), library("Sodium"), library("Unicode"), library("Linux"),

    module("System", c: ["Linux"], touchesMemory: true),
    module("WireFormat", ["System"], c: ["Linux"], touchesMemory: true),
    module("Crypto", ["System", "WireFormat"], c: ["Crypt", "Sodium"], touchesMemory: true),
    module("Unicode", ["WireFormat"], c: ["Unicode"], touchesMemory: true),
    module("Records", ["Crypto", "WireFormat"], touchesMemory: true),
    module("Settings", ["Crypto", "Records", "System", "WireFormat"], touchesMemory: true),
    module("LMDB", ["System", "WireFormat"], c: ["LMDB"], touchesMemory: true),
    module("Store", ["LMDB", "Records", "Crypto", "System", "WireFormat"]),
    module("Accounts", ["Store", "Settings", "Records", "Crypto", "Unicode", "System", "WireFormat"]),
    module(
      "Routing", ["Accounts", "Store", "Settings", "Records", "Crypto", "System", "WireFormat"]),
    module(
      "Endpoints", ["Routing", "Accounts", "Store", "Settings", "Records", "Crypto", "WireFormat"],
      folder: "API"),

    .target(name: "TestSupport", dependencies: ["CDashboardLinux"], swiftSettings: checked),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "DashboardEndpoints", "DashboardRouting", "DashboardWireFormat", "DashboardRecords",
        "DashboardCrypto", "DashboardSettings", "DashboardStore", "CDashboardLinux", "TestSupport",
      ],
      swiftSettings: checked),
  ],
  swiftLanguageModes: [.v6]
)
