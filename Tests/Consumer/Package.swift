// swift-tools-version: 6.2
import PackageDescription

// A program that depends on the library, as docs/guide/library.md shows it. `deploy/test` builds and runs it.
let package = Package(
  name: "consumer",
  dependencies: [
    .package(name: "dashboard", path: "../.."),
    .package(path: "Other"),
  ],
  targets: [
    .executableTarget(
      name: "Consumer",
      dependencies: [
        .product(name: "DashboardAPI", package: "dashboard"),
        .product(name: "Other", package: "Other"),
      ],
      // With it a missing `@_exported` in the library is an error here.
      swiftSettings: [.treatAllWarnings(as: .error), .enableUpcomingFeature("MemberImportVisibility")])
  ],
  swiftLanguageModes: [.v6]
)
