// swift-tools-version: 6.2
import PackageDescription

/// Every module of ours: Swift 6 mode, no warnings, imports that stay inside unless they say otherwise.
let checked: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// The modules that touch C or raw memory must in addition mark every unsafe expression.
let checkedAndMemorySafe: [SwiftSetting] = checked + [.strictMemorySafety()]

let package = Package(
  name: "dashboard",
  products: [
    .executable(name: "dashboard", targets: ["dashboard"]),
    .library(name: "DashboardAPI", targets: ["API"]),
  ],
  targets: [
    // Debian's C libraries, each behind one thin module.
    .systemLibrary(name: "CFastCGI"),
    .systemLibrary(name: "CLMDB"),
    .systemLibrary(name: "CCrypt"),
    .systemLibrary(name: "CSodium"),
    .systemLibrary(name: "CLinux"),

    .target(name: "WireFormat", dependencies: ["CLinux"], swiftSettings: checkedAndMemorySafe),
    .target(name: "Threading", dependencies: ["CLinux"], swiftSettings: checkedAndMemorySafe),
    .target(name: "LMDB", dependencies: ["CLMDB", "Threading"], swiftSettings: checkedAndMemorySafe),
    .target(
      name: "Accounts", dependencies: ["CCrypt", "CSodium"], swiftSettings: checkedAndMemorySafe),
    .target(
      name: "Gateway", dependencies: ["CFastCGI", "CLinux", "Threading", "WireFormat"],
      swiftSettings: checkedAndMemorySafe),
    .target(name: "Store", dependencies: ["LMDB", "Accounts"], swiftSettings: checked),
    .target(
      name: "Routing", dependencies: ["WireFormat", "Accounts", "Store", "Threading"], swiftSettings: checked),
    .target(
      name: "API", dependencies: ["Routing", "WireFormat", "Accounts", "Store"],
      swiftSettings: checked),
    .target(name: "Pages", dependencies: ["Routing", "WireFormat", "Accounts"], swiftSettings: checked),
    .executableTarget(
      name: "dashboard",
      dependencies: ["API", "Pages", "Routing", "Gateway", "WireFormat", "Accounts", "Store", "Threading"],
      swiftSettings: checkedAndMemorySafe),

    .target(
      name: "TestSupport", dependencies: ["CLinux"], path: "Tests/TestSupport",
      swiftSettings: checked),
    .executableTarget(
      name: "Benchmarks",
      dependencies: ["API", "Routing", "WireFormat", "Accounts", "Store", "CLinux", "TestSupport"],
      path: "Tests/Benchmarks", exclude: ["Baselines", "RESULTS.md", "results.svg"], swiftSettings: checked),
    .testTarget(
      name: "WireFormatTests", dependencies: ["WireFormat", "TestSupport"], swiftSettings: checked),
    .testTarget(name: "LMDBTests", dependencies: ["LMDB", "TestSupport"], swiftSettings: checked),
    .testTarget(
      name: "AccountsTests", dependencies: ["Accounts", "TestSupport"], swiftSettings: checked),
    .testTarget(
      name: "StoreTests", dependencies: ["Store", "LMDB", "Accounts", "TestSupport"],
      swiftSettings: checked),
    .testTarget(
      name: "GatewayTests", dependencies: ["Gateway", "WireFormat", "CLinux", "TestSupport", "Threading"],
      swiftSettings: checked),
    .testTarget(
      name: "APITests", dependencies: ["API", "Routing", "WireFormat", "Accounts", "Store", "TestSupport"],
      swiftSettings: checked),
    .testTarget(
      name: "PagesTests", dependencies: ["Pages", "API", "Routing", "WireFormat", "Accounts", "TestSupport"],
      swiftSettings: checked),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["API", "Routing", "WireFormat", "Accounts", "Store", "TestSupport"],
      swiftSettings: checked),
  ],
  swiftLanguageModes: [.v6]
)
