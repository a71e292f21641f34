// swift-tools-version: 6.2
import PackageDescription

// Another package, whose targets have the names that modules of Dashboard have in their folders.
let names = ["Crypto", "Store", "Accounts"]
let package = Package(
  name: "Other",
  products: [.library(name: "Other", targets: names)],
  targets: names.map { .target(name: $0) }
)
