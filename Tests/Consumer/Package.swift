// swift-tools-version: 6.2
import PackageDescription

// Programs that depend on the library, as docs/guide/library.md shows them. `deploy/test` builds and runs them.
let api: [Target.Dependency] = [.product(name: "DashboardAPI", package: "dashboard")]
// With it a missing `@_exported` in the library is an error here.
let checked: [SwiftSetting] = [
  .treatAllWarnings(as: .error), .enableUpcomingFeature("MemberImportVisibility"),
]
let package = Package(
  name: "consumer",
  dependencies: [
    .package(name: "dashboard", path: "../.."),
    .package(path: "Other"),
  ],
  targets: [
    // The programs of the guide.
    .executableTarget(name: "Example", dependencies: api, swiftSettings: checked),
    .executableTarget(name: "WebServer", dependencies: api, swiftSettings: checked),
    // Runs them.
    .executableTarget(
      name: "Consumer",
      dependencies: api + ["Example", "WebServer", .product(name: "Other", package: "Other")],
      swiftSettings: checked),
  ],
  swiftLanguageModes: [.v6]
)
